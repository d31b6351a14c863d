import type { ControlTx } from '../../../platform/index.ts';

export type NameRow = {
  id: string;
  connectionId: string;
  providerSession: Buffer;
  value: string;
};

/** The first of a session stays: the provider calls nobody otherwise in the same. */
export async function insertName(tx: ControlTx, row: NameRow): Promise<void> {
  await tx.execute(
    `insert into control.names_at_providers (id, connection_id, provider_session, value)
     values ($1, $2, $3, $4) on conflict (connection_id, provider_session) do nothing`,
    [row.id, row.connectionId, row.providerSession, row.value],
  );
}

/** Of the provider's session that opened this one. */
export async function findNameOf(
  tx: ControlTx,
  sessionId: string,
): Promise<Pick<NameRow, 'id' | 'value'> | undefined> {
  const rows = await tx.query<Pick<NameRow, 'id' | 'value'>>(
    `select name.id, name.value from control.names_at_providers name
     join control.sessions session on session.connection_id = name.connection_id
       and session.provider_session = name.provider_session
     where session.id = $1`,
    [sessionId],
  );
  return rows[0];
}

/** Those whose sessions here have ended. */
export async function pruneNames(tx: ControlTx): Promise<number> {
  return tx.execute(
    `delete from control.names_at_providers name
     where name.created_at < now() - interval '1 hour' and not exists (
       select from control.sessions session where session.connection_id = name.connection_id
         and session.provider_session = name.provider_session and session.ended_at is null)`,
  );
}
