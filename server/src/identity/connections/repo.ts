import type { ControlTx, TenantRole } from '../../platform/index.ts';
import type { Mapping } from './policy.ts';

export type ConnectionKind = 'oidc' | 'saml' | 'ldap';
export type ConnectionState = 'draft' | 'active' | 'off';

/** As the database has it: to be believed once its seal was looked at (seals.ts). */
export type ConnectionRow = {
  id: string;
  tenantId: string | null;
  kind: ConnectionKind;
  name: string;
  state: ConnectionState;
  settings: Record<string, unknown>;
  domains: string[];
  mappings: Mapping[];
  defaultRole: TenantRole | null;
  justInTime: boolean;
  createdAt: Date;
  updatedAt: Date;
  seal: Buffer;
  hasSecret: boolean;
};

const CONNECTION = `connection.id, connection.tenant_id as "tenantId", connection.kind, connection.name,
  connection.state, connection.settings, connection.domains, connection.mappings,
  connection.default_role as "defaultRole", connection.just_in_time as "justInTime",
  connection.created_at as "createdAt", connection.updated_at as "updatedAt", connection.seal,
  exists (select from control.connection_secrets secret where secret.connection_id = connection.id)
    as "hasSecret"`;

/** Those of a tenant that goes are none. */
const LIVE = `not exists (select from control.tenants tenant
  where tenant.id = connection.tenant_id and tenant.state in ('dropping', 'dropped'))`;

/** Of one tenant, or with null of the platform. */
export function listConnections(tx: ControlTx, tenantId: string | null): Promise<ConnectionRow[]> {
  return tx.query<ConnectionRow>(
    `select ${CONNECTION} from control.connections connection
     where connection.tenant_id is not distinct from $1 and ${LIVE}
     order by lower(connection.name), connection.id limit 200`,
    [tenantId],
  );
}

/** Of all tenants and of the platform. */
export function listAllConnections(tx: ControlTx): Promise<ConnectionRow[]> {
  return tx.query<ConnectionRow>(
    `select ${CONNECTION} from control.connections connection where ${LIVE}
     order by lower(connection.name), connection.id`,
  );
}

/** Those of a domain's owner that are active for it. */
export function listForDomain(
  tx: ControlTx,
  { domain, tenantId }: Pick<DomainRow, 'domain' | 'tenantId'>,
): Promise<ConnectionRow[]> {
  return tx.query<ConnectionRow>(
    `select ${CONNECTION} from control.connections connection
     where connection.state = 'active' and connection.tenant_id is not distinct from $2
       and connection.domains @> array[$1]::text[] and ${LIVE}
     order by lower(connection.name), connection.id limit 20`,
    [domain, tenantId],
  );
}

/** Of one kind, of all owners. */
export function listActive(tx: ControlTx, kind: ConnectionKind): Promise<ConnectionRow[]> {
  return tx.query<ConnectionRow>(
    `select ${CONNECTION} from control.connections connection
     where connection.state = 'active' and connection.kind = $1 and ${LIVE}
     order by connection.id limit 1000`,
    [kind],
  );
}

export async function findConnection(
  tx: ControlTx,
  id: string,
): Promise<ConnectionRow | undefined> {
  const rows = await tx.query<ConnectionRow>(
    `select ${CONNECTION} from control.connections connection
     where connection.id = $1 and ${LIVE}`,
    [id],
  );
  return rows[0];
}

/** All who come by it take turns: of two first sign-ins of one person one makes the account. */
export async function lockConnection(tx: ControlTx, id: string): Promise<void> {
  await tx.execute('select from control.connections where id = $1 for no key update', [id]);
}

/** Nobody changes it until the transaction ends; others may hold it so, too. */
export async function holdConnection(tx: ControlTx, id: string): Promise<void> {
  await tx.execute('select from control.connections where id = $1 for share', [id]);
}

type Written = Omit<ConnectionRow, 'createdAt' | 'updatedAt' | 'hasSecret'>;

export async function insertConnection(tx: ControlTx, one: Written): Promise<void> {
  await tx.execute(
    `insert into control.connections (id, tenant_id, kind, name, state, settings, domains, mappings,
       default_role, just_in_time, seal)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      ...[one.id, one.tenantId, one.kind, one.name, one.state, JSON.stringify(one.settings)],
      ...[one.domains, JSON.stringify(one.mappings), one.defaultRole, one.justInTime, one.seal],
    ],
  );
}

export async function updateConnection(tx: ControlTx, one: Written): Promise<void> {
  await tx.execute(
    `update control.connections set name = $2, state = $3, settings = $4, domains = $5, mappings = $6,
       default_role = $7, just_in_time = $8, seal = $9, updated_at = now()
     where id = $1`,
    [
      ...[one.id, one.name, one.state, JSON.stringify(one.settings), one.domains],
      ...[JSON.stringify(one.mappings), one.defaultRole, one.justInTime, one.seal],
    ],
  );
}

export async function removeConnection(tx: ControlTx, id: string): Promise<void> {
  await tx.execute('delete from control.connections where id = $1', [id]);
}

/**
 * Ends the sessions that a connection opened, and the challenges whose answer would open one. Under the
 * lock of the connection, which whoever opens one waits for. Returns how many sessions.
 */
export async function endSessionsOf(
  tx: ControlTx,
  { connectionId, reason }: { connectionId: string; reason: string },
): Promise<number> {
  await tx.execute(
    `update control.factor_challenges set ended_at = now()
     where connection_id = $1 and ended_at is null`,
    [connectionId],
  );
  return tx.execute(
    `update control.sessions set ended_at = now(), end_reason = $2
     where connection_id = $1 and ended_at is null`,
    [connectionId, reason],
  );
}

export async function putSecret(
  tx: ControlTx,
  { connectionId, value }: { connectionId: string; value: string },
): Promise<void> {
  await tx.execute(
    `insert into control.connection_secrets (connection_id, value) values ($1, $2)
     on conflict (connection_id) do update set value = excluded.value`,
    [connectionId, value],
  );
}

export async function findSecret(tx: ControlTx, connectionId: string): Promise<string | null> {
  const rows = await tx.query<{ value: string }>(
    'select value from control.connection_secrets where connection_id = $1',
    [connectionId],
  );
  return rows[0]?.value ?? null;
}

export type DomainRow = {
  id: string;
  tenantId: string | null;
  domain: string;
  challenge: string;
  createdAt: Date;
  provenAt: Date | null;
  provenBy: 'dns' | 'administrator' | null;
  seal: Buffer | null;
};

const DOMAIN = `domain.id, domain.tenant_id as "tenantId", domain.domain, domain.challenge,
  domain.created_at as "createdAt", domain.proven_at as "provenAt", domain.proven_by as "provenBy",
  domain.seal`;

export function listDomains(tx: ControlTx, tenantId: string | null): Promise<DomainRow[]> {
  return tx.query<DomainRow>(
    `select ${DOMAIN} from control.email_domains domain
     where domain.tenant_id is not distinct from $1 order by domain.domain limit 200`,
    [tenantId],
  );
}

/** Of all tenants and of the platform. */
export function listProvenDomains(tx: ControlTx): Promise<DomainRow[]> {
  return tx.query<DomainRow>(
    `select ${DOMAIN} from control.email_domains domain where domain.proven_at is not null
     order by domain.domain`,
  );
}

/** What tenants have claimed and not shown yet, for whoever runs the platform. */
export function listClaims(tx: ControlTx): Promise<(DomainRow & { tenant: string })[]> {
  return tx.query<DomainRow & { tenant: string }>(
    `select ${DOMAIN}, tenant.name as tenant from control.email_domains domain
     join control.tenants tenant on tenant.id = domain.tenant_id
       and tenant.state not in ('dropping', 'dropped')
     where domain.proven_at is null order by domain.created_at limit 200`,
  );
}

/** Who has shown that a domain is theirs, as the database has it: one at most. */
export async function findProven(tx: ControlTx, domain: string): Promise<DomainRow | undefined> {
  const rows = await tx.query<DomainRow>(
    `select ${DOMAIN} from control.email_domains domain
     where domain.domain = $1 and domain.proven_at is not null`,
    [domain],
  );
  return rows[0];
}

export async function findDomain(tx: ControlTx, id: string): Promise<DomainRow | undefined> {
  const rows = await tx.query<DomainRow>(
    `select ${DOMAIN} from control.email_domains domain where domain.id = $1`,
    [id],
  );
  return rows[0];
}

/** False when it was claimed already. */
export async function insertDomain(
  tx: ControlTx,
  one: Pick<DomainRow, 'id' | 'tenantId' | 'domain' | 'challenge'>,
): Promise<boolean> {
  const count = await tx.execute(
    `insert into control.email_domains (id, tenant_id, domain, challenge) values ($1, $2, $3, $4)
     on conflict (tenant_id, domain) do nothing`,
    [one.id, one.tenantId, one.domain, one.challenge],
  );
  return count === 1;
}

/** False when it is somebody else's. What a tenant that is gone had is nobody's. */
export async function proveDomain(
  tx: ControlTx,
  one: { id: string; domain: string; by: 'dns' | 'administrator'; seal: Buffer },
): Promise<boolean> {
  await tx.execute(
    `delete from control.email_domains old using control.tenants tenant
     where old.domain = $1 and tenant.id = old.tenant_id and tenant.state in ('dropping', 'dropped')`,
    [one.domain],
  );
  const count = await tx.execute(
    `update control.email_domains set proven_at = now(), proven_by = $3, seal = $4
     where id = $1 and not exists (select from control.email_domains other
       where other.domain = $2 and other.proven_at is not null and other.id <> $1)`,
    [one.id, one.domain, one.by, one.seal],
  );
  return count === 1;
}

export async function removeDomain(tx: ControlTx, id: string): Promise<void> {
  await tx.execute('delete from control.email_domains where id = $1', [id]);
}

/** Connections, domains and rules of tenants that are gone. */
export async function pruneGoneTenants(tx: ControlTx): Promise<number> {
  return tx.execute(
    `with gone as (select id from control.tenants where state in ('dropping', 'dropped')),
       rules as (delete from control.sign_in_rules where tenant_id in (select id from gone)),
       consents as (delete from control.connection_consents where tenant_id in (select id from gone)),
       former as (delete from control.tenant_sign_in where tenant_id in (select id from gone)),
       domains as (delete from control.email_domains where tenant_id in (select id from gone))
     delete from control.connections where tenant_id in (select id from gone)`,
  );
}

/** Active ones that speak for this client of this provider: one provider serves many tenants. */
export function listByIssuer(
  tx: ControlTx,
  { issuer, client }: { issuer: string; client: string },
): Promise<ConnectionRow[]> {
  return tx.query<ConnectionRow>(
    `select ${CONNECTION} from control.connections connection
     where connection.state = 'active' and connection.kind = 'oidc' and ${LIVE}
       and rtrim(connection.settings ->> 'issuer', '/') = rtrim($1, '/')
       and connection.settings ->> 'client' = $2
     order by connection.id`,
    [issuer, client],
  );
}

/**
 * By the provider's own session where it named one, else all of the account by this connection. The
 * challenges go first: what the answer to one has opened meanwhile is then among the sessions.
 */
export async function endProviderSessions(
  tx: ControlTx,
  of: { connectionId: string; providerSession: Buffer | null; accountId: string | null },
): Promise<string[]> {
  await tx.execute(
    `update control.factor_challenges set ended_at = now()
     where connection_id = $1 and ended_at is null
       and case when $2::bytea is not null then provider_session = $2 else account_id = $3 end`,
    [of.connectionId, of.providerSession, of.accountId],
  );
  const rows = await tx.query<{ id: string }>(
    `update control.sessions set ended_at = now(), end_reason = 'provider'
     where connection_id = $1 and ended_at is null
       and case when $2::bytea is not null then provider_session = $2 else account_id = $3 end
     returning id`,
    [of.connectionId, of.providerSession, of.accountId],
  );
  return rows.map(({ id }) => id);
}
