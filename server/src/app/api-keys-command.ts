import { z } from 'zod';
import { listAllKeys, revokeAnyKey } from '../identity/index.ts';
import { AppError, type Config, type RequestContext } from '../platform/index.ts';
import { findTenantByName } from '../tenancy/index.ts';
import { readWish, withCommandParts } from './with-command-parts.ts';

/** What `casemate api-keys` hands over on standard input. */
const wishSchema = z.discriminatedUnion('verb', [
  z.strictObject({
    verb: z.literal('list'),
    /** By name or id. */
    tenant: z.string().min(1).max(500).optional(),
    all: z.boolean(),
  }),
  z.strictObject({ verb: z.literal('revoke'), id: z.uuid('is no id of a key') }),
]);

/** API keys for whoever runs the host: who holds which, and an end to one. Never a key itself. */
export async function apiKeysCommand(config: Config, input: string): Promise<unknown> {
  const wish = readWish(wishSchema, input);
  return withCommandParts<unknown>(config, 2, async (ctx) => {
    if (wish.verb === 'revoke') return revokeAnyKey(ctx, wish.id);
    const tenantId = wish.tenant === undefined ? null : await idOf(ctx, wish.tenant);
    return { keys: await listAllKeys(ctx, { tenantId, all: wish.all }) };
  });
}

async function idOf(ctx: RequestContext, nameOrId: string): Promise<string> {
  const tenant = await ctx.inControl((tx) => findTenantByName(tx, nameOrId));
  if (!tenant) throw new AppError('not_found', `No such tenant: ${nameOrId}`);
  return tenant.id;
}
