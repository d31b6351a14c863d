import { z } from 'zod';
import { findPerson, type IdentityParts } from '../identity/index.ts';
import { AppError, type Config, type RequestContext } from '../platform/index.ts';
import {
  closeSeal,
  findTenantByName,
  listSealViews,
  openSeal,
  readSeal,
  shareSchema,
  type SealView,
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
  return withCommandParts(config, 2, (ctx, { identity }) => run(ctx, identity, wish));
}

async function run(ctx: RequestContext, identity: IdentityParts, wish: Wish): Promise<unknown> {
  if (wish.verb === 'status') {
    const tenants = [];
    for (const view of await listSealViews(ctx))
      tenants.push(await withPerson(ctx, identity, view));
    return { tenants };
  }
  const found = await ctx.inControl((tx) => findTenantByName(tx, wish.tenant));
  if (!found) throw new AppError('not_found', `There is no tenant "${wish.tenant}"`);
  if (wish.verb === 'seal') await closeSeal(ctx, found.id);
  else await openSeal(ctx, { tenantId: found.id, shares: wish.shares });
  return withPerson(ctx, identity, await readSeal(ctx, found.id));
}

/** Says who the custodian is, and whether they run the platform. */
async function withPerson(
  ctx: RequestContext,
  identity: IdentityParts,
  { custodian, ...seal }: SealView,
): Promise<object> {
  if (!custodian) return { ...seal, custodian };
  const { accountId, takenAt } = custodian;
  const person = await findPerson(ctx, identity, { accountId });
  const operator = custodian.operator || person?.operator === true;
  return { ...seal, custodian: { email: person?.email ?? null, operator, takenAt } };
}
