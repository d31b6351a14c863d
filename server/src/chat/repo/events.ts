import { notify, type TenantTx } from '../../platform/index.ts';

/** What a stream sent, in batches: `id` is the number of the last event in `data` (encrypted). */
export type EventBatch = { id: number; data: string };

export async function insertEvents(
  tx: TenantTx,
  batch: EventBatch & { messageId: string; accountId: string },
): Promise<void> {
  await tx.execute(
    `insert into message_events (message_id, id, tenant_id, account_id, data) values ($1, $2, $3, $4, $5)`,
    [batch.messageId, batch.id, tx.tenantId, batch.accountId, batch.data],
  );
}

/** The batches that hold events after a number, in order. */
export function listEvents(
  tx: TenantTx,
  { messageId, after }: { messageId: string; after: number },
): Promise<EventBatch[]> {
  return tx.query<EventBatch>(
    `select event.id, event.data from message_events event
     where event.message_id = $1 and event.id > $2 order by event.id`,
    [messageId, after],
  );
}

export async function removeEvents(tx: TenantTx, messageId: string): Promise<void> {
  await tx.execute('delete from message_events event where event.message_id = $1', [messageId]);
}

/**
 * Wakes the processes that follow the answer (`more`) or write it (`look`: it was stopped or
 * removed). Carries ids and nothing else; who hears it reads the row for the truth.
 */
export async function announce(
  tx: TenantTx,
  { kind, messageId }: { kind: 'more' | 'look'; messageId: string },
): Promise<void> {
  await notify(tx, 'casemate_chat', `${kind}:${tx.tenantId}:${messageId}`);
}
