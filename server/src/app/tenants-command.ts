import { z } from 'zod';
import { AppError, type Config, type RequestContext } from '../platform/index.ts';
import {
  certifyDeletion,
  createTenants,
  deleteTenant,
  findTenantByName,
  listDeletions,
  listTenantPage,
  parseTenantName,
  presentTenant,
  renameTenant,
  resumeTenant,
  retryTenant,
  suspendTenant,
  tenantStateSchema,
  tenantWishSchema,
  type Tenant,
} from '../tenancy/index.ts';
import {
  answerRestoreWish,
  isRestoreWish,
  restoreWishes,
  type RestoreWish,
} from './restore-tenant.ts';
import { signDeletion } from './sign-report.ts';
import { readWish, withCommandParts } from './with-command-parts.ts';

const tenant = z.string().min(1).max(500);

/** What `casemate tenants` hands over on standard input. A tenant is named by its id or its name. */
const wishSchema = z.discriminatedUnion('verb', [
  z.strictObject({
    verb: z.literal('list'),
    search: z.string().max(120).default(''),
    state: tenantStateSchema.optional(),
    after: z.string().max(800).optional(),
    limit: z.number().int().min(1).max(200).default(100),
  }),
  z.strictObject({
    verb: z.literal('create'),
    tenants: z.array(tenantWishSchema).min(1).max(20_000),
    wait: z.boolean().default(true),
  }),
  ...restoreWishes,
  z.strictObject({ verb: z.literal('deleted') }),
  z.strictObject({ verb: z.literal('certificate'), tenant }),
  z.strictObject({ verb: z.literal('suspend'), tenant }),
  z.strictObject({ verb: z.literal('resume'), tenant }),
  z.strictObject({ verb: z.literal('retry'), tenant }),
  z.strictObject({ verb: z.literal('rename'), tenant, name: tenant }),
  z.strictObject({ verb: z.literal('delete'), tenant, confirm: z.string().max(500) }),
]);

type Wish = z.output<typeof wishSchema>;

/** Lists and changes tenants for the command line; each change leaves its audit row as the system's. */
export async function tenantsCommand(config: Config, input: string): Promise<unknown> {
  const wish = readWish(wishSchema, input);
  return withCommandParts(config, 4, (ctx, parts) =>
    isRestoreWish(wish) ? answerRestoreWish(ctx, parts, wish) : run(ctx, wish),
  );
}

type OwnWish = Exclude<Wish, RestoreWish>;

async function run(ctx: RequestContext, wish: OwnWish): Promise<unknown> {
  if (wish.verb === 'list') return listTenantPage(ctx, wish);
  if (wish.verb === 'create') return createTenants(ctx, wish);
  if (wish.verb === 'deleted') return { deletions: await listDeletions(ctx) };
  if (wish.verb === 'certificate') return certifyDeletion(ctx, wish.tenant, signDeletion);
  return presentTenant(await change(ctx, wish));
}

type Change = Exclude<OwnWish, { verb: 'list' | 'create' | 'deleted' | 'certificate' }>;

async function change(ctx: RequestContext, wish: Change): Promise<Tenant> {
  const { id } = await getTenant(ctx, wish.tenant);
  switch (wish.verb) {
    case 'suspend':
      return suspendTenant(ctx, id);
    case 'resume':
      return resumeTenant(ctx, id);
    case 'retry':
      return retryTenant(ctx, id);
    case 'rename':
      return renameTenant(ctx, id, parseTenantName(wish.name));
    case 'delete':
      return deleteTenant(ctx, id, wish.confirm);
  }
}

async function getTenant(ctx: RequestContext, nameOrId: string): Promise<Tenant> {
  const found = await ctx.inControl((tx) => findTenantByName(tx, nameOrId));
  if (!found) throw new AppError('not_found', `No such tenant: ${nameOrId}`);
  return found;
}
