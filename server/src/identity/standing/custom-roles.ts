import { beyond } from '../../access/index.ts';
import { recordOnPlatform } from '../../audit/index.ts';
import { AppError, newId, type ControlTx, type RequestContext } from '../../platform/index.ts';
import type { IdentityParts } from '../parts.ts';
import { takeRoleFromAll } from './take-role.ts';
import {
  insertRole,
  listRoleRows,
  lockTenantRoles,
  removeRole,
  updateRole,
  type StoredRole,
} from './repo.ts';

type Parts = Pick<IdentityParts, 'rights' | 'relay'>;
type Composed = { name: string; permissions: readonly string[] };

export type CustomRole = {
  id: string;
  name: string;
  permissions: readonly string[];
  members: number;
  changedAt: Date;
  /** False when somebody else wrote the row: it gives nothing. */
  trusted: boolean;
};

const MOST_ROLES = 50;

export async function listCustomRoles(
  ctx: RequestContext,
  { rights }: Parts,
  tenantId: string,
): Promise<CustomRole[]> {
  const rows = await ctx.inControl((tx) => listRoleRows(tx, tenantId));
  return rows.map((row) => view(row, rights.trustsCustomRole(row)));
}

/** @throws AppError forbidden for a permission that the composer has not */
export async function createCustomRole(
  ctx: RequestContext,
  { rights }: Parts,
  { tenantId, ...wish }: Composed & { tenantId: string },
): Promise<CustomRole> {
  refuseBeyond(ctx, wish.permissions);
  const role = { id: newId(), tenantId, name: wish.name, permissions: sorted(wish.permissions) };
  await ctx.inControl(async (tx) => {
    const present = await others(tx, role);
    if (present.length >= MOST_ROLES)
      throw new AppError('not_allowed_now', `There are ${MOST_ROLES} custom roles already`);
    await insertRole(tx, { ...role, seal: rights.sealCustomRole(role) });
    await tell(tx, ctx, { verb: 'create', role });
  });
  return { ...role, members: 0, changedAt: ctx.clock.now(), trusted: true };
}

/** Whoever has the role has what it gives now within two seconds. */
export async function changeCustomRole(
  ctx: RequestContext,
  { rights }: Parts,
  { id, tenantId, ...wish }: Composed & { id: string; tenantId: string },
): Promise<void> {
  refuseBeyond(ctx, wish.permissions);
  const role = { id, tenantId, name: wish.name, permissions: sorted(wish.permissions) };
  await ctx.inControl(async (tx) => {
    await others(tx, role);
    const before = await find(tx, role);
    await updateRole(tx, { ...role, seal: rights.sealCustomRole(role) });
    await tell(tx, ctx, { verb: 'update', role, before });
  });
}

/** Takes the role from every group and everybody who has it, within two seconds. */
export async function deleteCustomRole(
  ctx: RequestContext,
  parts: Parts,
  of: { id: string; tenantId: string },
): Promise<void> {
  await ctx.inControl(async (tx) => {
    await lockTenantRoles(tx, of.tenantId);
    const before = await find(tx, of);
    await takeRoleFromAll(tx, ctx, { parts, ...of });
    await removeRole(tx, of);
    await tell(tx, ctx, { verb: 'delete', before });
  });
}

/** What these custom roles of the tenant give together. Throws not_found for one that is not there, or not sound. */
export async function permissionsIn(
  tx: ControlTx,
  { rights }: Pick<IdentityParts, 'rights'>,
  { tenantId, ids }: { tenantId: string; ids: readonly string[] },
): Promise<string[]> {
  if (ids.length === 0) return [];
  const present = (await listRoleRows(tx, tenantId)).filter((row) => rights.trustsCustomRole(row));
  return ids.flatMap((id) => {
    const found = present.find((one) => one.id === id);
    if (!found) throw new AppError('not_found', 'No such role');
    return found.permissions;
  });
}

/** Nobody gives what they have not. */
export function refuseBeyond(
  { actor, standing }: RequestContext,
  permissions: readonly string[],
): void {
  const missing = actor.kind === 'system' ? [] : beyond(standing, permissions);
  if (missing.length === 0) return;
  throw new AppError('forbidden', `Nobody gives what they have not: ${missing.join(', ')}`);
}

async function others(
  tx: ControlTx,
  { id, tenantId, name }: { id: string; tenantId: string; name: string },
): Promise<StoredRole[]> {
  await lockTenantRoles(tx, tenantId);
  const present = (await listRoleRows(tx, tenantId)).filter((one) => one.id !== id);
  if (present.some((one) => one.name.toLowerCase() === name.toLowerCase()))
    throw new AppError('already_exists', 'There is a role of this name');
  return present;
}

async function find(tx: ControlTx, of: { id: string; tenantId: string }): Promise<StoredRole> {
  const found = (await listRoleRows(tx, of.tenantId)).find(({ id }) => id === of.id);
  if (!found) throw new AppError('not_found', 'No such role');
  return found;
}

type Telling = {
  verb: 'create' | 'update' | 'delete';
  role?: { id: string; tenantId: string; permissions: readonly string[] };
  before?: StoredRole;
};

async function tell(
  tx: ControlTx,
  ctx: RequestContext,
  { verb, role, before }: Telling,
): Promise<void> {
  const { id = '', tenantId = '' } = role ?? before ?? {};
  await recordOnPlatform(tx, ctx, {
    action: `custom_role.${verb}`,
    resourceType: 'custom_role',
    resourceId: id,
    tenantId,
    ...(before ? { before: { permissions: before.permissions, members: before.members } } : {}),
    ...(role ? { after: { permissions: role.permissions } } : {}),
  });
}

function view(
  { id, name, permissions, members, changedAt }: StoredRole,
  trusted: boolean,
): CustomRole {
  return { id, name, permissions, members, changedAt, trusted };
}

function sorted(permissions: readonly string[]): string[] {
  return [...new Set(permissions)].toSorted();
}
