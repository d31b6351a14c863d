import type { ControlTx } from '../../platform/index.ts';
import type { GroupFacts, MemberFacts, OwnRow } from '../groups/repo.ts';
import type { DirectoryFacts } from '../scim/repo.ts';
import type {
  ConsentFacts,
  CustomRoleFacts,
  FactorRule,
  FeatureLevelFacts,
  SignInFacts,
} from './row-seals.ts';

/** Rows of all tenants that decide about rights, each with its seal and the name of its tenant. */
type Kept<T> = T & { seal: Buffer; tenant: string | null };

export function listAllGroups(tx: ControlTx): Promise<Kept<GroupFacts>[]> {
  return tx.query(
    `select held.id, held.tenant_id as "tenantId", held.name, held.source, held.external_id as "externalId",
       held.role, held.level, held.custom_roles as "customRoles", held.seal, tenant.name as tenant
     from control.groups held join control.tenants tenant on tenant.id = held.tenant_id`,
  );
}

export function listAllMembers(
  tx: ControlTx,
): Promise<Kept<MemberFacts & { email: string; group: string }>[]> {
  return tx.query(
    `select held.group_id as "groupId", held.tenant_id as "tenantId", held.account_id as "accountId",
       held.seal, account.email, groups.name as group, tenant.name as tenant
     from control.group_members held
     join control.groups on groups.id = held.group_id
     join control.accounts account on account.id = held.account_id
     join control.tenants tenant on tenant.id = held.tenant_id`,
  );
}

/** What people have beside their groups, where a group gave something. */
export function listAllOwn(
  tx: ControlTx,
): Promise<(OwnRow & { email: string; tenant: string | null })[]> {
  return tx.query(
    `select held.account_id as "accountId", held.tenant_id as "tenantId", held.role, held.level,
       held.custom_roles as "customRoles", held.own_role as "ownRole", held.own_level as "ownLevel",
       held.own_custom_roles as "ownCustomRoles", held.own_seal as "ownSeal",
       account.email, tenant.name as tenant
     from control.memberships held
     join control.accounts account on account.id = held.account_id
     join control.tenants tenant on tenant.id = held.tenant_id
     where held.own_role is not null`,
  );
}

export function listAllRoles(tx: ControlTx): Promise<Kept<CustomRoleFacts>[]> {
  return tx.query(
    `select held.id, held.tenant_id as "tenantId", held.name, held.permissions, held.seal,
       tenant.name as tenant
     from control.custom_roles held join control.tenants tenant on tenant.id = held.tenant_id`,
  );
}

export function listAllLevels(tx: ControlTx): Promise<Kept<FeatureLevelFacts>[]> {
  return tx.query(
    `select held.tenant_id as "tenantId", held.minimum, held.seal, tenant.name as tenant
     from control.feature_levels held join control.tenants tenant on tenant.id = held.tenant_id`,
  );
}

export function listAllFactorRules(tx: ControlTx): Promise<Kept<FactorRule>[]> {
  return tx.query(
    `select held.tenant_id as "tenantId", held.everyone, held.seal, tenant.name as tenant
     from control.factor_rules held join control.tenants tenant on tenant.id = held.tenant_id`,
  );
}

export function listAllSignInRules(tx: ControlTx): Promise<Kept<SignInFacts>[]> {
  return tx.query(
    `select held.tenant_id as "tenantId", held.sso_only as "ssoOnly", held.break_glass as "breakGlass",
       held.seal, tenant.name as tenant
     from control.sign_in_rules held join control.tenants tenant on tenant.id = held.tenant_id`,
  );
}

export function listAllConsents(
  tx: ControlTx,
): Promise<Kept<ConsentFacts & { connection: string }>[]> {
  return tx.query(
    `select held.connection_id as "connectionId", held.tenant_id as "tenantId", held.terms, held.seal,
       connection.name as connection, tenant.name as tenant
     from control.connection_consents held
     join control.connections connection on connection.id = held.connection_id
     join control.tenants tenant on tenant.id = held.tenant_id`,
  );
}

export function listAllDirectoryUsers(
  tx: ControlTx,
): Promise<Kept<DirectoryFacts & { userName: string; email: string | null }>[]> {
  return tx.query(
    `select held.id, held.tenant_id as "tenantId", held.account_id as "accountId", held.owned, held.ended,
       held.seal, held.user_name as "userName", account.email, tenant.name as tenant
     from control.directory_users held
     join control.tenants tenant on tenant.id = held.tenant_id
     left join control.accounts account on account.id = held.account_id`,
  );
}

/** The names of tenants, for rows of rooms that keep none. */
export async function listTenantNames(tx: ControlTx): Promise<Map<string, string>> {
  const rows = await tx.query<{ id: string; name: string }>(
    'select tenant.id, tenant.name from control.tenants tenant',
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}
