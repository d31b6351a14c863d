import type { ControlTx, TenantRole } from '../../platform/index.ts';
import type { AccountRow } from '../repo.ts';
import type { StandingRow } from '../standing/standing-row.ts';

/** What a key may do, where and until when: what its seal binds. */
export type KeyFacts = {
  readonly id: string;
  readonly tenantId: string;
  readonly accountId: string;
  readonly hash: Buffer;
  readonly scopes: readonly string[];
  readonly addresses: readonly string[];
  readonly expiresAt: Date;
};

/** A key that has not ended, with its account and the account's role in the tenant of the key. */
export type LiveKeyRow = AccountRow & {
  kind: 'person' | 'service';
  key: Omit<KeyFacts, 'accountId'> & { seal: Buffer | null };
  standing: StandingRow | null;
};

export type KeyRow = {
  id: string;
  name: string;
  hint: string;
  scopes: string[];
  addresses: string[];
  owner: { id: string; name: string; kind: 'person' | 'service' };
  createdAt: Date;
  expiresAt: Date;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
  /** Its person's second factors were reset and none was set up since, or they may have no keys now. */
  paused: boolean;
};

const KEY = `key.id, key.name, key.hint, key.scopes, key.addresses, key.created_at as "createdAt",
  key.expires_at as "expiresAt", key.last_used_at as "lastUsedAt", key.revoked_at as "revokedAt",
  key.paused_at is not null as paused,
  jsonb_build_object('id', account.id, 'name', account.name, 'kind', account.kind) as owner`;

/** Of one account, or of the whole tenant. The newest first. */
export function listKeys(
  tx: ControlTx,
  { tenantId, accountId }: { tenantId: string; accountId: string | null },
): Promise<KeyRow[]> {
  return tx.query<KeyRow>(
    `select ${KEY} from control.api_keys key join control.accounts account on account.id = key.account_id
     where key.tenant_id = $1 and ($2::uuid is null or key.account_id = $2)
     order by key.created_at desc, key.id limit 1000`,
    [tenantId, accountId],
  );
}

export async function findKey(
  tx: ControlTx,
  { tenantId, keyId }: { tenantId: string; keyId: string },
): Promise<KeyRow | undefined> {
  const rows = await tx.query<KeyRow>(
    `select ${KEY} from control.api_keys key join control.accounts account on account.id = key.account_id
     where key.tenant_id = $1 and key.id = $2`,
    [tenantId, keyId],
  );
  return rows[0];
}

/** To be asked under the lock of the account's row. */
export async function countLiveKeys(
  tx: ControlTx,
  { tenantId, accountId }: { tenantId: string; accountId: string },
): Promise<number> {
  await tx.execute('select from control.accounts where id = $1 for no key update', [accountId]);
  const rows = await tx.query<{ count: string }>(
    `select count(*) from control.api_keys key where key.tenant_id = $1 and key.account_id = $2
       and key.revoked_at is null and key.expires_at > now()`,
    [tenantId, accountId],
  );
  return Number(rows[0]?.count ?? 0);
}

export async function insertKey(
  tx: ControlTx,
  key: KeyFacts & { name: string; hint: string; createdBy: string; seal: Buffer },
): Promise<void> {
  await tx.execute(
    `insert into control.api_keys (id, tenant_id, account_id, name, hash, hint, scopes, addresses,
       created_by, expires_at, seal) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      key.id,
      key.tenantId,
      key.accountId,
      key.name,
      key.hash,
      key.hint,
      key.scopes,
      key.addresses,
      key.createdBy,
      key.expiresAt,
      key.seal,
    ],
  );
}

/** Ends a key that has not ended. */
export async function endKey(
  tx: ControlTx,
  { tenantId, keyId }: { tenantId: string; keyId: string },
): Promise<boolean> {
  const count = await tx.execute(
    `update control.api_keys key set revoked_at = now(), seal = null
     where key.tenant_id = $1 and key.id = $2 and key.revoked_at is null`,
    [tenantId, keyId],
  );
  return count === 1;
}

/** Ends all keys of an account in the tenant; answers how many. */
export function endKeysOf(
  tx: ControlTx,
  { tenantId, accountId }: { tenantId: string; accountId: string },
): Promise<number> {
  return tx.execute(
    `update control.api_keys key set revoked_at = now(), seal = null
     where key.tenant_id = $1 and key.account_id = $2 and key.revoked_at is null`,
    [tenantId, accountId],
  );
}

/** At most once a minute for each key: the time is for people to look at. */
export async function touchKey(tx: ControlTx, id: string): Promise<void> {
  await tx.execute(
    `update control.api_keys set last_used_at = now()
     where id = $1 and (last_used_at is null or last_used_at < now() - interval '1 minute')`,
    [id],
  );
}

export type ServiceAccountRow = {
  id: string;
  auditId: string;
  name: string;
  role: TenantRole;
  standing: StandingRow;
  createdAt: Date;
  keys: number;
};

export function listServiceAccounts(tx: ControlTx, tenantId: string): Promise<ServiceAccountRow[]> {
  return tx.query<ServiceAccountRow>(
    `select account.id, account.audit_id as "auditId", account.name, membership.role,
       control.standing(membership) as standing, account.created_at as "createdAt",
       (select count(*)::int from control.api_keys key where key.account_id = account.id
          and key.revoked_at is null and key.expires_at > now()) as keys
     from control.memberships membership
     join control.accounts account on account.id = membership.account_id
     where membership.tenant_id = $1 and account.kind = 'service' and account.state = 'active'
     order by account.name, account.id limit 1000`,
    [tenantId],
  );
}

/** A service account has no password: nothing that anybody could type has this as its hash. */
export async function insertServiceAccount(
  tx: ControlTx,
  account: { id: string; auditId: string; email: string; name: string; seal: Buffer },
): Promise<void> {
  await tx.execute(
    `insert into control.accounts (id, audit_id, email, name, password_hash, kind, seal)
     values ($1, $2, $3, $4, '!', 'service', $5)`,
    [account.id, account.auditId, account.email, account.name, account.seal],
  );
}

export type PlatformKeyRow = {
  id: string;
  tenant: string;
  name: string;
  hint: string;
  owner: string;
  kind: 'person' | 'service';
  scopes: string[];
  addresses: string[];
  createdAt: Date;
  expiresAt: Date;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
};

/** By tenant and name. */
export function listPlatformKeys(
  tx: ControlTx,
  { tenantId, all }: { tenantId: string | null; all: boolean },
): Promise<PlatformKeyRow[]> {
  return tx.query<PlatformKeyRow>(
    `select key.id, tenant.name as tenant, key.name, key.hint, account.name as owner, account.kind,
       key.scopes, key.addresses, key.created_at as "createdAt", key.expires_at as "expiresAt",
       key.last_used_at as "lastUsedAt", key.revoked_at as "revokedAt"
     from control.api_keys key
     join control.accounts account on account.id = key.account_id
     join control.tenants tenant on tenant.id = key.tenant_id
     where ($1::uuid is null or key.tenant_id = $1)
       and ($2 or key.revoked_at is null and key.expires_at > now())
     order by tenant.name, key.name, key.id`,
    [tenantId, all],
  );
}

export async function findKeyTenant(tx: ControlTx, keyId: string): Promise<string | undefined> {
  const rows = await tx.query<{ tenantId: string }>(
    'select key.tenant_id as "tenantId" from control.api_keys key where key.id = $1',
    [keyId],
  );
  return rows[0]?.tenantId;
}

/** Of every key that has not ended: what its seal binds, and the seal. */
export function listLiveKeyFacts(
  tx: ControlTx,
): Promise<(KeyFacts & { auditId: string; seal: Buffer | null })[]> {
  return tx.query<KeyFacts & { auditId: string; seal: Buffer | null }>(
    `select key.id, key.tenant_id as "tenantId", key.account_id as "accountId", key.hash, key.scopes,
       key.addresses, key.expires_at as "expiresAt", key.seal, account.audit_id as "auditId"
     from control.api_keys key join control.accounts account on account.id = key.account_id
     where key.revoked_at is null and key.expires_at > now()`,
  );
}

/** Its person's keys open nothing, or something again. */
export async function pauseKeys(
  tx: ControlTx,
  { accountId, paused }: { accountId: string; paused: boolean },
): Promise<void> {
  await tx.execute(
    `update control.api_keys set paused_at = case when $2 then now() end
     where account_id = $1 and revoked_at is null and (paused_at is null) = $2`,
    [accountId, paused],
  );
}
