import { z } from 'zod';
import { FEATURE_NAMES } from '../access/index.ts';
import {
  changeSignInRules,
  deleteCustomRole,
  endVisit,
  listCustomRoles,
  listEveryConnection,
  listFeatureLevels,
  listVisits,
  setConnectionState,
  setFeatureLevels,
  type IdentityParts,
} from '../identity/index.ts';
import { AppError, type Config, type FeatureName, type RequestContext } from '../platform/index.ts';
import { findTenantByName } from '../tenancy/index.ts';
import { readWish, withCommandParts } from './with-command-parts.ts';

/** A name or an id. */
const tenant = z.string().min(1).max(120);
const id = z.uuid('must be the id of the list');

/** What `casemate connections`, `levels`, `roles` and `visits` hand over on standard input. */
const wishSchema = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('connections.list'), tenant: tenant.nullable() }),
  z.strictObject({ do: z.literal('connections.stop'), id }),
  z.strictObject({ do: z.literal('connections.passwords'), tenant }),
  z.strictObject({ do: z.literal('levels.show'), tenant }),
  z.strictObject({
    do: z.literal('levels.set'),
    tenant,
    feature: z.enum(FEATURE_NAMES),
    level: z.coerce.number().int().min(0).max(100),
  }),
  z.strictObject({ do: z.literal('roles.list'), tenant }),
  z.strictObject({ do: z.literal('roles.delete'), tenant, role: z.string().min(1).max(60) }),
  z.strictObject({ do: z.literal('visits.list'), tenant: tenant.nullable() }),
  z.strictObject({ do: z.literal('visits.end'), id }),
]);
type Wish = z.output<typeof wishSchema>;

/** Shows and repairs on the host who may do what, as the system; the audit log has each change. */
export async function accessCommand(config: Config, input: string): Promise<unknown> {
  const wish = readWish(wishSchema, input);
  return withCommandParts<unknown>(config, 2, (ctx, { identity }) => run(ctx, identity, wish));
}

async function run(ctx: RequestContext, parts: IdentityParts, wish: Wish): Promise<unknown> {
  switch (wish.do) {
    case 'connections.list':
      return { connections: await connectionsOf(ctx, wish.tenant) };
    case 'connections.stop':
      return stop(ctx, parts, wish.id);
    case 'connections.passwords': {
      const { id: tenantId } = await tenantOf(ctx, wish.tenant);
      await changeSignInRules(ctx, parts, { tenantId, ssoOnly: false, breakGlass: null });
      return { tenant: wish.tenant };
    }
    case 'levels.show':
      return listFeatureLevels(ctx, parts, (await tenantOf(ctx, wish.tenant)).id);
    case 'levels.set':
      return setLevel(ctx, parts, wish);
    case 'roles.list':
      return { roles: await listCustomRoles(ctx, parts, (await tenantOf(ctx, wish.tenant)).id) };
    case 'roles.delete':
      return removeRole(ctx, parts, wish);
    case 'visits.list': {
      const found = wish.tenant === null ? null : await tenantOf(ctx, wish.tenant);
      return { visits: await listVisits(ctx, found?.id ?? null) };
    }
    case 'visits.end':
      await endVisit(ctx, { id: wish.id, tenantId: null });
      return { id: wish.id };
  }
}

async function connectionsOf(ctx: RequestContext, wanted: string | null): Promise<unknown[]> {
  const only = wanted === null ? null : await tenantOf(ctx, wanted);
  const all = await listEveryConnection(ctx);
  return all.filter(({ tenantId }) => only === null || tenantId === only.id);
}

async function stop(ctx: RequestContext, parts: IdentityParts, wanted: string): Promise<unknown> {
  const found = (await listEveryConnection(ctx)).find((one) => one.id === wanted);
  if (!found) throw new AppError('not_found', 'No such connection');
  const owner = { tenantId: found.tenantId };
  await setConnectionState(ctx, parts, { owner, id: found.id, state: 'off' });
  return { id: found.id, name: found.name };
}

async function setLevel(
  ctx: RequestContext,
  parts: IdentityParts,
  wish: Extract<Wish, { do: 'levels.set' }>,
): Promise<unknown> {
  const { id: tenantId } = await tenantOf(ctx, wish.tenant);
  const { features } = await listFeatureLevels(ctx, parts, tenantId);
  if (features.some(({ needed }) => needed === null))
    throw new AppError(
      'not_allowed_now',
      'The levels of this tenant were not written by the server: an administrator sets all of them anew on the page Roles',
    );
  const said = features.filter(({ needed, usual }) => needed !== usual);
  const minimum: Partial<Record<FeatureName, number>> = Object.fromEntries(
    said.map(({ name, needed }) => [name, needed ?? 0]),
  );
  minimum[wish.feature] = wish.level;
  await setFeatureLevels(ctx, parts, { tenantId, minimum });
  return { feature: wish.feature, level: wish.level };
}

async function removeRole(
  ctx: RequestContext,
  parts: IdentityParts,
  wish: Extract<Wish, { do: 'roles.delete' }>,
): Promise<unknown> {
  const { id: tenantId } = await tenantOf(ctx, wish.tenant);
  const roles = await listCustomRoles(ctx, parts, tenantId);
  const found = roles.find((one) => one.name === wish.role || one.id === wish.role);
  if (!found) throw new AppError('not_found', `No such role: ${wish.role}`);
  await deleteCustomRole(ctx, parts, { id: found.id, tenantId });
  return { id: found.id, name: found.name, members: found.members };
}

async function tenantOf(ctx: RequestContext, wanted: string): Promise<{ id: string }> {
  const found = await ctx.inControl((tx) => findTenantByName(tx, wanted));
  if (!found) throw new AppError('not_found', `No such tenant: ${wanted}`);
  return found;
}
