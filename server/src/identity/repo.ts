import type { ControlTx, FactorStanding, TenantStanding } from '../platform/index.ts';
import type { ClientKind } from './access-token.ts';
import type { KeyFacts, LiveKeyRow } from './api-keys/repo.ts';
import type { OpensBy } from './connections/rules-repo.ts';
import type { MembershipFacts } from './rights/row-seals.ts';
import type { StandingRow } from './standing/standing-row.ts';
import type { MemberStanding } from './standing/trusted-standing.ts';
import type { OpenVisit } from './visits/visit-seals.ts';

export type Account = {
  id: string;
  auditId: string;
  email: string;
  name: string;
  platformRole: 'super_admin' | null;
};

/** As the database has it: to be believed once its seal was looked at (rights/rights.ts). */
export type AccountRow = Account & {
  passwordDigest: Buffer;
  factors: string | null;
  seal: Buffer | null;
};

const ACCOUNT = `account.id, account.audit_id as "auditId", account.email, account.name,
  account.platform_role as "platformRole", account.seal,
  sha256(convert_to(account.password_hash, 'UTF8')) as "passwordDigest",
  control.factor_facts(account.id) as factors`;

export async function findSignIn(
  tx: ControlTx,
  email: string,
): Promise<(AccountRow & { passwordHash: string }) | undefined> {
  const rows = await tx.query<AccountRow & { passwordHash: string }>(
    `select ${ACCOUNT}, account.password_hash as "passwordHash" from control.accounts account
     where lower(account.email) = lower($1) and account.state = 'active' and account.kind = 'person'`,
    [email],
  );
  return rows[0];
}

export async function findAccount(
  tx: ControlTx,
  by: { email: string } | { accountId: string },
): Promise<AccountRow | undefined> {
  const rows = await tx.query<AccountRow>(
    `select ${ACCOUNT} from control.accounts account
     where (lower(account.email) = lower($1) and account.kind = 'person' or account.id = $2)
       and account.state = 'active'`,
    'email' in by ? [by.email, null] : [null, by.accountId],
  );
  return rows[0];
}

export async function insertAccount(
  tx: ControlTx,
  account: Account & { passwordHash: string; seal: Buffer },
): Promise<boolean> {
  const count = await tx.execute(
    `insert into control.accounts (id, audit_id, email, name, password_hash, platform_role, seal)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
    [
      account.id,
      account.auditId,
      account.email,
      account.name,
      account.passwordHash,
      account.platformRole,
      account.seal,
    ],
  );
  return count === 1;
}

export type Membership = {
  id: string;
  name: string;
  state: string;
  tier: 'standard' | 'sealed';
  standing: MemberStanding;
};

export type MembershipRow = Omit<Membership, 'standing'> & {
  auditId: string;
  standing: StandingRow;
};

export async function listMemberships(tx: ControlTx, accountId: string): Promise<MembershipRow[]> {
  return tx.query<MembershipRow>(
    `select tenant.id, tenant.name, tenant.state, tenant.tier,
       control.standing(membership) as standing, account.audit_id as "auditId"
     from control.memberships membership
     join control.accounts account on account.id = membership.account_id
     join control.tenants tenant on tenant.id = membership.tenant_id
     where membership.account_id = $1 and tenant.state not in ('dropping', 'dropped')
     order by tenant.name, tenant.id`,
    [accountId],
  );
}

export async function insertMembership(
  tx: ControlTx,
  membership: MembershipFacts & { seal: Buffer },
): Promise<void> {
  const { accountId, tenantId, role, seal, level = null, customRoles = [] } = membership;
  await tx.execute(
    `insert into control.memberships (account_id, tenant_id, role, level, custom_roles, seal)
     values ($1, $2, $3, $4, $5, $6)
     on conflict (account_id, tenant_id) do update set role = excluded.role,
       level = excluded.level, custom_roles = excluded.custom_roles, seal = excluded.seal,
         own_role = null, own_level = null, own_custom_roles = null, own_seal = null`,
    [accountId, tenantId, role, level, customRoles, seal],
  );
}

/** With it what groups of the tenant gave. */
export async function removeMembership(
  tx: ControlTx,
  { accountId, tenantId }: { accountId: string; tenantId: string },
): Promise<void> {
  const who = [accountId, tenantId];
  await tx.execute(
    'delete from control.group_members where account_id = $1 and tenant_id = $2',
    who,
  );
  await tx.execute('delete from control.memberships where account_id = $1 and tenant_id = $2', who);
}

export type SessionState = Account & {
  /** Null for an API key, which is a credential of its own. */
  sessionId: string | null;
  /** Null for an API key. */
  client: ClientKind | null;
  apiKey: KeyState | null;
  startedAt: Date;
  factor: FactorStanding;
  memberships: { id: string; standing: TenantStanding }[];
  /** The connection to a directory that opened it; null for a password or a passkey. */
  connectionId: string | null;
};

/** What an API key narrows its account's rights to. */
export type KeyState = {
  readonly id: string;
  readonly tenantId: string;
  readonly scopes: readonly string[];
  readonly addresses: readonly string[];
};

export type SessionRow = AccountRow & {
  sessionId: string;
  client: ClientKind;
  startedAt: Date;
  factorAt: Date | null;
  factorSeal: Buffer | null;
  connectionId: string | null;
  /** The one tenant that it opens, where a connection of that tenant opened it. */
  onlyTenant: string | null;
  memberships: ({ id: string; standing: StandingRow } & OpensBy)[];
  /** Of whoever runs the platform: the visits that are open. */
  visits: OpenVisit[];
};

/** All that a request needs to know of its session, in one statement; nothing when it has ended. */
export async function findSessionState(
  tx: ControlTx,
  sessionId: string,
): Promise<SessionRow | undefined> {
  const [state] = await listSessionStates(tx, [sessionId]);
  return state;
}

/** Of several sessions; those that have ended are not among them. */
export async function listSessionStates(
  tx: ControlTx,
  sessionIds: readonly string[],
): Promise<SessionRow[]> {
  return tx.query<SessionRow>(
    `select session.id as "sessionId", session.client, session.created_at as "startedAt",
       session.factor_at as "factorAt", session.factor_seal as "factorSeal",
       session.connection_id as "connectionId", session.only_tenant as "onlyTenant", ${ACCOUNT}, coalesce((
       select jsonb_agg(jsonb_build_object('id', membership.tenant_id,
         'standing', control.standing(membership), 'rules', control.sign_in_rules(membership.tenant_id), 
         'consent', control.connection_consent(session.connection_id, membership.tenant_id)))
       from control.memberships membership where membership.account_id = account.id), '[]') as memberships,
       case when account.platform_role is null then '[]' else control.open_visits(account.id) end as visits
     from control.sessions session join control.accounts account on account.id = session.account_id
     where session.id = any($1) and session.ended_at is null and session.expires_at > now()
       and session.idle_until > now()
       and account.state = 'active'`,
    [sessionIds],
  );
}

type FlatRow = AccountRow &
  Omit<KeyFacts, 'id' | 'accountId'> & {
    keyId: string;
    keySeal: Buffer | null;
    kind: 'person' | 'service';
    standing: StandingRow | null;
  };

export async function listLiveKeys(
  tx: ControlTx,
  by: { hash: Buffer } | { ids: readonly string[] },
): Promise<LiveKeyRow[]> {
  const rows = await tx.query<FlatRow>(
    `select ${ACCOUNT}, account.kind, key.id as "keyId", key.tenant_id as "tenantId", key.hash, key.scopes,
       key.addresses, key.expires_at as "expiresAt", key.seal as "keySeal",
       case when membership.account_id is not null then control.standing(membership) end as standing
     from control.api_keys key
     join control.accounts account on account.id = key.account_id
     left join control.memberships membership
       on membership.account_id = key.account_id and membership.tenant_id = key.tenant_id
     where (key.hash = $1 or key.id = any($2)) and key.revoked_at is null and key.paused_at is null
       and key.expires_at > now() and account.state = 'active'`,
    'hash' in by ? [by.hash, []] : [null, by.ids],
  );
  return rows.map((row) => {
    const { keyId, keySeal, standing, tenantId, hash, scopes, addresses, expiresAt, ...account } =
      row;
    return {
      ...account,
      key: { id: keyId, tenantId, hash, scopes, addresses, expiresAt, seal: keySeal },
      standing,
    };
  });
}

/** The connection that opens a session; one of a tenant opens that tenant alone. */
export type OpenedBy = {
  connectionId: string;
  onlyTenant: string | null;
  providerSession: Buffer | null;
};

export async function insertSession(
  tx: ControlTx,
  session: {
    id: string;
    accountId: string;
    expiresAt: Date;
    idleHours: number;
    userAgent: string | null;
    client: ClientKind;
    by?: OpenedBy;
  },
): Promise<void> {
  await tx.execute(
    `insert into control.sessions (id, account_id, expires_at, user_agent, idle_until, client,
       connection_id, only_tenant, provider_session)
     values ($1, $2, $3, $4, now() + make_interval(hours => $5), $6, $7, $8, $9)`,
    [
      session.id,
      session.accountId,
      session.expiresAt,
      session.userAgent?.slice(0, 300) ?? null,
      session.idleHours,
      session.client,
      session.by?.connectionId ?? null,
      session.by?.onlyTenant ?? null,
      session.by?.providerSession ?? null,
    ],
  );
}

/** It was used, and may lie idle for so long from now. */
export async function touchSession(
  tx: ControlTx,
  { id, idleHours }: { id: string; idleHours: number },
): Promise<void> {
  await tx.execute(
    `update control.sessions set last_used_at = now(),
       idle_until = now() + make_interval(hours => $2) where id = $1`,
    [id, idleHours],
  );
}

export async function endSession(tx: ControlTx, id: string, reason: string): Promise<void> {
  await tx.execute(
    `update control.sessions set ended_at = now(), end_reason = $2
     where id = $1 and ended_at is null`,
    [id, reason],
  );
}

export async function endAllSessions(
  tx: ControlTx,
  accountId: string,
  reason: string,
): Promise<number> {
  return tx.execute(
    `update control.sessions set ended_at = now(), end_reason = $2
     where account_id = $1 and ended_at is null`,
    [accountId, reason],
  );
}

/**
 * Locks the account to which a refresh token belongs, so that all uses of an account's tokens are
 * judged one after another. A statement of its own: only the next one sees what the one before
 * committed while this one waited.
 */
export async function lockAccountOfToken(tx: ControlTx, hash: Buffer): Promise<void> {
  await tx.execute(
    `select from control.refresh_tokens token
     join control.sessions session on session.id = token.session_id
     join control.accounts account on account.id = session.account_id
     where token.hash = $1 for no key update of account`,
    [hash],
  );
}

export type RefreshRow = {
  sessionId: string;
  accountId: string;
  auditId: string;
  /** Seconds since it was used, by the database's clock; null when it was not. */
  usedSeconds: number | null;
  /** A retry put another in its place before it was used. */
  revoked: boolean;
  successor: Buffer | null;
  successorUsed: boolean;
  live: boolean;
};

/** To be read under the lock of lockAccountOfToken. */
export async function findRefreshToken(
  tx: ControlTx,
  hash: Buffer,
): Promise<RefreshRow | undefined> {
  const rows = await tx.query<RefreshRow>(
    `select token.session_id as "sessionId", session.account_id as "accountId",
       account.audit_id as "auditId", token.successor,
       token.revoked_at is not null as revoked,
       extract(epoch from clock_timestamp() - token.used_at)::float8 as "usedSeconds",
       exists (select from control.refresh_tokens next
               where next.hash = token.successor and next.used_at is not null) as "successorUsed",
       (session.ended_at is null and session.expires_at > now() and session.idle_until > now()
        and account.state = 'active') as live
     from control.refresh_tokens token
     join control.sessions session on session.id = token.session_id
     join control.accounts account on account.id = session.account_id
     where token.hash = $1`,
    [hash],
  );
  return rows[0];
}

export async function insertRefreshToken(
  tx: ControlTx,
  token: { hash: Buffer; sessionId: string },
): Promise<void> {
  await tx.execute('insert into control.refresh_tokens (hash, session_id) values ($1, $2)', [
    token.hash,
    token.sessionId,
  ]);
}

export async function markRefreshUsed(
  tx: ControlTx,
  use: { hash: Buffer; successor: Buffer },
): Promise<void> {
  await tx.execute(
    `update control.refresh_tokens set used_at = coalesce(used_at, clock_timestamp()), successor = $2
     where hash = $1`,
    [use.hash, use.successor],
  );
}

export async function revokeRefreshToken(tx: ControlTx, hash: Buffer): Promise<void> {
  await tx.execute(
    `update control.refresh_tokens set revoked_at = coalesce(revoked_at, clock_timestamp())
     where hash = $1`,
    [hash],
  );
}

export async function countAdministrators(tx: ControlTx): Promise<number> {
  const rows = await tx.query<{ count: string }>(
    `select count(*) from control.accounts account
     where account.platform_role = 'super_admin' and account.state = 'active'`,
  );
  return Number(rows[0]?.count ?? 0);
}

export async function deactivateAccount(tx: ControlTx, id: string): Promise<void> {
  await tx.execute(`update control.accounts set state = 'deactivated', seal = null where id = $1`, [
    id,
  ]);
}

/** Thumbprints (RFC 7638) of keys of access tokens that are accepted no more. */
export async function withdrawnKeys(tx: ControlTx): Promise<ReadonlySet<string>> {
  const rows = await tx.query<{ thumbprint: string }>(
    'select thumbprint from control.withdrawn_keys',
  );
  return new Set(rows.map(({ thumbprint }) => thumbprint));
}
