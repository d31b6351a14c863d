import type { ControlTx } from '../../platform/index.ts';
import type { CustomRoleFacts, FeatureLevelFacts } from '../rights/row-seals.ts';

export type StoredRole = CustomRoleFacts & { seal: Buffer; members: number; changedAt: Date };

/** The custom roles of a tenant, as the database has them. */
export function listRoleRows(tx: ControlTx, tenantId: string): Promise<StoredRole[]> {
  return tx.query<StoredRole>(
    `select role.id, role.tenant_id as "tenantId", role.name, role.permissions, role.seal,
       role.changed_at as "changedAt",
       (select count(*)::int from control.memberships membership
        where membership.tenant_id = role.tenant_id and role.id = any(membership.custom_roles)) as members
     from control.custom_roles role where role.tenant_id = $1 order by lower(role.name), role.id`,
    [tenantId],
  );
}

/** So that two who compose roles of one tenant take turns. */
export async function lockTenantRoles(tx: ControlTx, tenantId: string): Promise<void> {
  await tx.execute(`select pg_advisory_xact_lock(hashtextextended('custom-roles ' || $1, 0))`, [
    tenantId,
  ]);
}

export async function insertRole(
  tx: ControlTx,
  role: CustomRoleFacts & { seal: Buffer },
): Promise<void> {
  await tx.execute(
    `insert into control.custom_roles (id, tenant_id, name, permissions, seal)
     values ($1, $2, $3, $4, $5)`,
    [role.id, role.tenantId, role.name, role.permissions, role.seal],
  );
}

export async function updateRole(
  tx: ControlTx,
  role: CustomRoleFacts & { seal: Buffer },
): Promise<void> {
  await tx.execute(
    `update control.custom_roles role set name = $3, permissions = $4, seal = $5, changed_at = now()
     where role.tenant_id = $2 and role.id = $1`,
    [role.id, role.tenantId, role.name, role.permissions, role.seal],
  );
}

export async function removeRole(
  tx: ControlTx,
  { id, tenantId }: { id: string; tenantId: string },
): Promise<void> {
  await tx.execute(
    'delete from control.custom_roles role where role.tenant_id = $2 and role.id = $1',
    [id, tenantId],
  );
}

/** The accounts that have a custom role. */
export async function listHolders(
  tx: ControlTx,
  { id, tenantId }: { id: string; tenantId: string },
): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `select membership.account_id as id from control.memberships membership
     where membership.tenant_id = $1
       and ($2 = any(membership.custom_roles) or $2 = any(membership.own_custom_roles))`,
    [tenantId, id],
  );
  return rows.map((row) => row.id);
}

export type LevelsRow = FeatureLevelFacts & { seal: Buffer; changedAt: Date };

export async function findLevels(tx: ControlTx, tenantId: string): Promise<LevelsRow | undefined> {
  const rows = await tx.query<LevelsRow>(
    `select levels.tenant_id as "tenantId", levels.minimum, levels.seal, levels.changed_at as "changedAt"
     from control.feature_levels levels where levels.tenant_id = $1`,
    [tenantId],
  );
  return rows[0];
}

export async function setLevels(
  tx: ControlTx,
  { tenantId, minimum, seal }: FeatureLevelFacts & { seal: Buffer },
): Promise<void> {
  await tx.execute(
    `insert into control.feature_levels (tenant_id, minimum, seal) values ($1, $2, $3)
     on conflict (tenant_id) do update
       set minimum = excluded.minimum, seal = excluded.seal, changed_at = now()`,
    [tenantId, JSON.stringify(minimum), seal],
  );
}
