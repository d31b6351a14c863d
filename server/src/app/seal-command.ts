import { z } from 'zod';
import { AppError, type Config, type RequestContext } from '../platform/index.ts';
import {
  closeSeal,
  findTenantByName,
  listSealViews,
  openSeal,
  readSeal,
  shareSchema,
} from '../tenancy/index.ts';
import { readWish, withCommandParts } from './with-command-parts.ts';

const tenant = z.string().min(1).max(500);

/** What `casemate seal` hands over on standard input; key shares never stand in a command line. */
const wishSchema = z.discriminatedUnion('verb', [
  z.strictObject({ verb: z.literal('status') }),
  z.strictObject({ verb: z.literal('seal'), tenant }),
  z.strictObject({
    verb: z.literal('unseal'),
    tenant,
    shares: z.array(shareSchema()).min(1).max(10),
  }),
]);

type Wish = z.output<typeof wishSchema>;

/** The seals of tenants for the command line: shows them, seals one, gives key shares to one. */
export async function sealCommand(config: Config, input: string): Promise<unknown> {
  const wish = readWish(wishSchema, input);
  return withCommandParts(config, 2, (ctx) => run(ctx, wish));
}

async function run(ctx: RequestContext, wish: Wish): Promise<unknown> {
  if (wish.verb === 'status') return { tenants: await listSealViews(ctx) };
  const found = await ctx.inControl((tx) => findTenantByName(tx, wish.tenant));
  if (!found) throw new AppError('not_found', `There is no tenant "${wish.tenant}"`);
  if (wish.verb === 'seal') await closeSeal(ctx, found.id);
  else await openSeal(ctx, { tenantId: found.id, shares: wish.shares });
  return readSeal(ctx, found.id);
}
