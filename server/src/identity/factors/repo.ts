import type { ControlTx } from '../../platform/index.ts';

export type FactorKind = 'totp' | 'passkey' | 'phone';

/** As the database has it: to be believed once the account's seal names it (trusted-factors.ts). */
export type FactorRow = {
  id: string;
  kind: FactorKind;
  name: string;
  createdAt: Date;
  confirmedAt: Date | null;
  lastUsedAt: Date | null;
  /** Ciphertext of the seed or the number; null for a passkey. */
  secret: string | null;
  credentialId: Buffer | null;
  publicKey: Buffer | null;
  signCount: number | null;
  transports: string[] | null;
  /** The tenant in a session of whose directory it was made; null: it is the account's own. */
  onlyTenant: string | null;
};

export function listFactorRows(tx: ControlTx, accountId: string): Promise<FactorRow[]> {
  return tx.query<FactorRow>(
    `select factor.id, factor.kind, factor.name, factor.created_at as "createdAt",
       factor.confirmed_at as "confirmedAt", factor.last_used_at as "lastUsedAt", secret.value as secret,
       factor.credential_id as "credentialId", factor.public_key as "publicKey",
       factor.sign_count::float8 as "signCount", factor.transports,
       factor.only_tenant as "onlyTenant"
     from control.account_factors factor
     left join control.account_secrets secret
       on secret.id = factor.id and secret.account_id = factor.account_id
     where factor.account_id = $1 order by factor.created_at, factor.id`,
    [accountId],
  );
}

/** Whose passkey this is. */
export async function findAccountOfCredential(
  tx: ControlTx,
  credentialId: Buffer,
): Promise<string | undefined> {
  const rows = await tx.query<{ accountId: string }>(
    `select account_id as "accountId" from control.account_factors
     where credential_id = $1 and confirmed_at is not null`,
    [credentialId],
  );
  return rows[0]?.accountId;
}

export type NewFactor = { id: string; accountId: string; name: string; onlyTenant: string | null };

/** Not confirmed: it counts once a code of it was shown. */
export async function insertTotp(
  tx: ControlTx,
  { id, accountId, name, onlyTenant, secret }: NewFactor & { secret: string },
): Promise<void> {
  await tx.execute(
    `insert into control.account_factors (id, account_id, kind, name, only_tenant)
     values ($1, $2, 'totp', $3, $4)`,
    [id, accountId, name, onlyTenant],
  );
  await tx.execute(
    `insert into control.account_secrets (id, account_id, kind, value) values ($1, $2, 'totp_seed', $3)`,
    [id, accountId, secret],
  );
}

export async function insertPasskey(
  tx: ControlTx,
  factor: NewFactor & {
    credentialId: Buffer;
    publicKey: Buffer;
    signCount: number;
    transports: readonly string[];
  },
): Promise<boolean> {
  const count = await tx.execute(
    `insert into control.account_factors
       (id, account_id, kind, name, confirmed_at, credential_id, public_key, sign_count, transports,
        only_tenant)
     values ($1, $2, 'passkey', $3, now(), $4, $5, $6, $7, $8) on conflict (credential_id) do nothing`,
    [
      factor.id,
      factor.accountId,
      factor.name,
      factor.credentialId,
      factor.publicKey,
      factor.signCount,
      [...factor.transports],
      factor.onlyTenant,
    ],
  );
  return count === 1;
}

/** Confirms it by the code of this time step. False when it is gone, or is confirmed already. */
export async function confirmTotp(
  tx: ControlTx,
  { id, accountId, step }: { id: string; accountId: string; step: number },
): Promise<boolean> {
  const count = await tx.execute(
    `update control.account_factors set confirmed_at = now(), last_used_at = now(), last_step = $3
     where id = $1 and account_id = $2 and kind = 'totp' and confirmed_at is null`,
    [id, accountId, step],
  );
  return count === 1;
}

export async function removeFactors(
  tx: ControlTx,
  { accountId, ids }: { accountId: string; ids: readonly string[] },
): Promise<void> {
  await tx.execute(
    'delete from control.account_secrets where account_id = $1 and id = any($2::uuid[])',
    [accountId, ids],
  );
  await tx.execute(
    'delete from control.account_factors where account_id = $1 and id = any($2::uuid[])',
    [accountId, ids],
  );
}

/** Takes a time step of an app once; false when it, or a later one, was taken before. */
export async function takeStep(tx: ControlTx, id: string, step: number): Promise<boolean> {
  const count = await tx.execute(
    `update control.account_factors set last_step = $2, last_used_at = now()
     where id = $1 and confirmed_at is not null and (last_step is null or last_step < $2)`,
    [id, step],
  );
  return count === 1;
}

/** False when a passkey's counter did not grow: somebody has a copy of it (WebAuthn, 6.1.1). */
export async function takeSignCount(tx: ControlTx, id: string, count: number): Promise<boolean> {
  const changed = await tx.execute(
    `update control.account_factors set sign_count = $2, last_used_at = now()
     where id = $1 and (sign_count < $2 or (sign_count = 0 and $2 = 0))`,
    [id, count],
  );
  return changed === 1;
}

type CodesOf = { accountId: string; onlyTenant: string | null };

/** All of them; in a session of a tenant's directory those that were made in such a one. */
export async function replaceRecoveryCodes(
  tx: ControlTx,
  { accountId, onlyTenant }: CodesOf,
  hashes: readonly Buffer[],
): Promise<void> {
  await tx.execute(
    `delete from control.recovery_codes
     where account_id = $1 and ($2::uuid is null or only_tenant = $2)`,
    [accountId, onlyTenant],
  );
  await tx.execute(
    `insert into control.recovery_codes (hash, account_id, only_tenant)
     select hash, $2, $3 from unnest($1::bytea[]) as made (hash)`,
    [hashes, accountId, onlyTenant],
  );
}

/** Takes a recovery code once, since it is gone then. */
export async function takeRecoveryCode(
  tx: ControlTx,
  accountId: string,
  hashes: readonly Buffer[],
): Promise<boolean> {
  const count = await tx.execute(
    'delete from control.recovery_codes where account_id = $1 and hash = any($2)',
    [accountId, hashes],
  );
  return count === 1;
}

/** The account's own, and those that were made in sessions of these tenants' directories. */
export async function countRecoveryCodes(
  tx: ControlTx,
  accountId: string,
  tenantIds: readonly string[],
): Promise<number> {
  const rows = await tx.query<{ count: number }>(
    `select count(*)::float8 as count from control.recovery_codes
     where account_id = $1 and (only_tenant is null or only_tenant = any($2))`,
    [accountId, tenantIds],
  );
  return rows[0]?.count ?? 0;
}

/** Whoever changes the factors of an account does so one after another, and writes its seal. */
export async function lockAccount(tx: ControlTx, accountId: string): Promise<void> {
  await tx.execute('select from control.accounts where id = $1 for no key update', [accountId]);
}

export async function writeSeal(tx: ControlTx, accountId: string, seal: Buffer): Promise<void> {
  await tx.execute('update control.accounts set seal = $2 where id = $1', [accountId, seal]);
}

export async function insertResetLink(
  tx: ControlTx,
  link: { hash: Buffer; accountId: string; hours: number },
): Promise<Date> {
  await endResetLinks(tx, link.accountId);
  const rows = await tx.query<{ expiresAt: Date }>(
    `insert into control.factor_reset_links (hash, account_id, expires_at)
     values ($1, $2, now() + make_interval(hours => $3)) returning expires_at as "expiresAt"`,
    [link.hash, link.accountId, link.hours],
  );
  return rows[0]?.expiresAt ?? new Date(0);
}

/** Spends a link of this account; false when it is another's, was spent or has run out. */
export async function spendResetLink(
  tx: ControlTx,
  { hash, accountId }: { hash: Buffer; accountId: string },
): Promise<boolean> {
  const count = await tx.execute(
    `update control.factor_reset_links set used_at = now()
     where hash = $1 and account_id = $2 and used_at is null and expires_at > now()`,
    [hash, accountId],
  );
  return count === 1;
}

/** A newer link, or a reset, makes the older ones worthless. */
export async function endResetLinks(tx: ControlTx, accountId: string): Promise<void> {
  await tx.execute(
    'update control.factor_reset_links set used_at = now() where account_id = $1 and used_at is null',
    [accountId],
  );
}

export async function markFactorShown(
  tx: ControlTx,
  shown: { sessionId: string; at: Date; seal: Buffer },
): Promise<void> {
  await tx.execute('update control.sessions set factor_at = $2, factor_seal = $3 where id = $1', [
    shown.sessionId,
    shown.at,
    shown.seal,
  ]);
}
