import { z } from 'zod';
import {
  deactivate,
  erase,
  findStored,
  invite,
  listOpenInvitations,
  listPeople,
  makeResetLink,
  reactivate,
  resetFactors,
  reviewAccess,
} from '../identity/index.ts';
import { AppError, type Config, type RequestContext } from '../platform/index.ts';
import { findTenantByName } from '../tenancy/index.ts';
import { readWish, withCommandParts } from './with-command-parts.ts';

const email = z.email('must be an e-mail address').max(254);

/** What `casemate accounts` hands over on standard input. */
const wishSchema = z.discriminatedUnion('verb', [
  z.strictObject({ verb: z.literal('list'), search: z.string().max(120).default('') }),
  z.strictObject({
    verb: z.literal('invite'),
    email,
    /** A name or an id; without one: to run the platform. */
    tenant: z.string().max(120).nullable().default(null),
    role: z.enum(['member', 'reviewer', 'admin']).default('admin'),
  }),
  z.strictObject({ verb: z.literal('review'), tenant: z.string().max(120) }),
  z.strictObject({
    verb: z.enum(['deactivate', 'reactivate', 'erase', 'reset-link', 'reset-factors']),
    email,
  }),
]);

/** Lists accounts, invites, ends, and makes links for new passwords; on the host, as the system. */
export async function accountsCommand(config: Config, input: string): Promise<unknown> {
  const wish = readWish(wishSchema, input);
  return withCommandParts<unknown>(config, 2, async (ctx, { identity }) => {
    switch (wish.verb) {
      case 'list': {
        const { items, next } = await listPeople(ctx, identity, { ...wish, limit: 1_000 });
        const invitations = await listOpenInvitations(ctx, null);
        return { accounts: items, invitations, more: next !== null };
      }
      case 'invite': {
        const to =
          wish.tenant === null
            ? ({ tenantId: null, platformRole: 'super_admin' } as const)
            : { tenantId: await tenantOf(ctx, wish.tenant), role: wish.role };
        return invite(ctx, identity, { email: wish.email, to });
      }
      case 'review':
        return reviewAccess(ctx, identity, await tenantOf(ctx, wish.tenant));
      case 'reset-link':
        return makeResetLink(ctx, identity, await accountOf(ctx, wish.email));
      case 'reset-factors':
        return resetFactors(ctx, identity, wish.email);
      default: {
        const accountId = await accountOf(ctx, wish.email);
        if (wish.verb === 'erase') await erase(ctx, accountId);
        else if (wish.verb === 'deactivate')
          await deactivate(ctx, identity, { accountId, by: 'host' });
        else await reactivate(ctx, identity, accountId);
        return { done: wish.verb, email: wish.email };
      }
    }
  });
}

async function accountOf(ctx: RequestContext, address: string): Promise<string> {
  const account = await ctx.inControl((tx) => findStored(tx, { email: address }));
  if (!account) throw new AppError('not_found', 'Nobody here has this address');
  return account.id;
}

async function tenantOf(ctx: RequestContext, wanted: string): Promise<string> {
  const tenant = await ctx.inControl((tx) => findTenantByName(tx, wanted));
  if (!tenant) throw new AppError('not_found', `No such tenant: ${wanted}`);
  return tenant.id;
}
