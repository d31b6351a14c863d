import { z } from 'zod';
import { matchDataKeys, resealFields } from '../crypto/index.ts';
import type { RequestContext } from '../platform/index.ts';
import { findRestorable } from '../tenancy/index.ts';
import { columnsOf } from './encrypted-columns.ts';
import type { Parts } from './parts.ts';

const tenant = z.string().min(1).max(500);
const keys = z
  .array(
    z.strictObject({
      version: z.number().int().positive(),
      wrapped: z.string().max(2000),
      state: z.enum(['next', 'current', 'old', 'retired']),
    }),
  )
  .max(1000);

/** What the installer asks while it brings one tenant back; it moves the rows, the keys stay here. */
export const restoreWishes = [
  z.strictObject({ verb: z.literal('restorable'), tenant }),
  z.strictObject({ verb: z.literal('match-keys'), tenant: z.uuid(), live: keys, saved: keys }),
  z.strictObject({ verb: z.literal('reseal'), from: z.uuid(), to: z.uuid(), keys }),
] as const;

export type RestoreWish = z.output<(typeof restoreWishes)[number]>;

export const isRestoreWish = (wish: { verb: string }): wish is RestoreWish =>
  ['restorable', 'match-keys', 'reseal'].includes(wish.verb);

export async function answerRestoreWish(
  ctx: RequestContext,
  parts: Parts,
  wish: RestoreWish,
): Promise<unknown> {
  if (wish.verb === 'restorable') {
    const { id, name, state, language, schemaVersion } = await findRestorable(ctx, wish.tenant);
    return { id, name, state, language, schemaVersion };
  }
  if (wish.verb === 'match-keys')
    return { needed: await matchDataKeys(parts.platform.keys, wish.tenant, wish) };
  const { platform, tenantKeys, openTenant } = parts;
  const columns = columnsOf({ tenantId: wish.to, holdsSeal: false });
  const open = (tenantId: string) => openTenant(tenantId, null);
  const fields = await resealFields(
    { platform, tenantKeys, openTenant: open, columns, signal: ctx.signal },
    wish,
  );
  return { fields };
}
