import type { ControlTx } from '../../platform/index.ts';

/** As the database has it: to be believed once its seal was looked at. */
export type IdentityRow = {
  connectionId: string;
  subject: Buffer;
  accountId: string;
  createdAt: Date;
  lastUsedAt: Date | null;
  seal: Buffer;
};

const IDENTITY = `identity.connection_id as "connectionId", identity.subject,
  identity.account_id as "accountId", identity.created_at as "createdAt",
  identity.last_used_at as "lastUsedAt", identity.seal`;

export async function findIdentity(
  tx: ControlTx,
  { connectionId, subject }: { connectionId: string; subject: Buffer },
): Promise<IdentityRow | undefined> {
  const rows = await tx.query<IdentityRow>(
    `select ${IDENTITY} from control.external_identities identity
     where identity.connection_id = $1 and identity.subject = $2`,
    [connectionId, subject],
  );
  return rows[0];
}

/** Of one account, with the names of its connections. */
export function listIdentities(
  tx: ControlTx,
  accountId: string,
): Promise<(IdentityRow & { name: string })[]> {
  return tx.query<IdentityRow & { name: string }>(
    `select ${IDENTITY}, connection.name from control.external_identities identity
     join control.connections connection on connection.id = identity.connection_id
     where identity.account_id = $1 order by identity.created_at limit 100`,
    [accountId],
  );
}

/** Of several accounts, as the database has them. */
export function listIdentitiesOf(
  tx: ControlTx,
  accountIds: readonly string[],
): Promise<IdentityRow[]> {
  return tx.query<IdentityRow>(
    `select ${IDENTITY} from control.external_identities identity
     where identity.account_id = any($1)`,
    [accountIds],
  );
}

/** False when the account is known to this connection under another subject. */
export async function insertIdentity(
  tx: ControlTx,
  one: Pick<IdentityRow, 'connectionId' | 'subject' | 'accountId' | 'seal'>,
): Promise<boolean> {
  const count = await tx.execute(
    `insert into control.external_identities (connection_id, subject, account_id, seal, last_used_at)
     values ($1, $2, $3, $4, now()) on conflict do nothing`,
    [one.connectionId, one.subject, one.accountId, one.seal],
  );
  return count === 1;
}

export async function touchIdentity(
  tx: ControlTx,
  { connectionId, subject }: { connectionId: string; subject: Buffer },
): Promise<void> {
  await tx.execute(
    `update control.external_identities set last_used_at = now()
     where connection_id = $1 and subject = $2`,
    [connectionId, subject],
  );
}

export async function removeIdentity(
  tx: ControlTx,
  { connectionId, accountId }: { connectionId: string; accountId: string },
): Promise<boolean> {
  const count = await tx.execute(
    `delete from control.external_identities where connection_id = $1 and account_id = $2`,
    [connectionId, accountId],
  );
  return count === 1;
}

/** All links, with whose and by which connection. */
export function listAllIdentities(tx: ControlTx): Promise<
  {
    connectionId: string;
    subject: Buffer;
    accountId: string;
    seal: Buffer;
    email: string;
    connection: string;
    tenantId: string | null;
  }[]
> {
  return tx.query(
    `select identity.connection_id as "connectionId", identity.subject, identity.account_id as "accountId",
       identity.seal, account.email, connection.name as connection, connection.tenant_id as "tenantId"
     from control.external_identities identity
     join control.accounts account on account.id = identity.account_id
     join control.connections connection on connection.id = identity.connection_id`,
  );
}

/** Of somebody who is linked; ciphertext. */
export async function keepSubject(
  tx: ControlTx,
  { connectionId, accountId, value }: { connectionId: string; accountId: string; value: string },
): Promise<void> {
  await tx.execute(
    `insert into control.directory_subjects (connection_id, account_id, value) values ($1, $2, $3)
     on conflict (connection_id, account_id) do update set value = excluded.value`,
    [connectionId, accountId, value],
  );
}

export type WatchedRow = {
  accountId: string;
  subject: Buffer;
  seal: Buffer;
  /** Ciphertext; null where nothing was kept. */
  kept: string | null;
};

/** Who is linked and has something open here: a session, however it began, or a key of their own. */
export function listWatched(tx: ControlTx, connectionId: string): Promise<WatchedRow[]> {
  return tx.query<WatchedRow>(
    `select identity.account_id as "accountId", identity.subject, identity.seal,
       subject.value as kept
     from control.external_identities identity
     left join control.directory_subjects subject using (connection_id, account_id)
     where identity.connection_id = $1 and (
       exists (select from control.sessions session
               where session.account_id = identity.account_id and session.ended_at is null
                 and session.expires_at > now())
       or exists (select from control.api_keys key
                  where key.account_id = identity.account_id and key.revoked_at is null
                    and key.expires_at > now()))
     order by identity.account_id limit 20000`,
    [connectionId],
  );
}
