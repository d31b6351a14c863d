import type { ControlTx } from '../../platform/index.ts';

export type FlowPurpose = 'sign-in' | 'test' | 'link';

export type FlowRow = {
  hash: Buffer;
  connectionId: string;
  purpose: FlowPurpose;
  sessionId: string | null;
  browser: Buffer;
  expiresAt: Date;
  seal: Buffer;
};

export async function insertFlow(tx: ControlTx, row: FlowRow): Promise<void> {
  await tx.execute(
    `insert into control.sign_in_flows
       (hash, connection_id, purpose, session_id, browser, expires_at, seal)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [
      ...[row.hash, row.connectionId, row.purpose, row.sessionId],
      ...[row.browser, row.expiresAt, row.seal],
    ],
  );
}

/** Of any number who take it one gets it; another browser neither gets nor ends it. */
export async function takeFlowRow(
  tx: ControlTx,
  { hash, browser }: { hash: Buffer; browser: Buffer },
): Promise<FlowRow | undefined> {
  const rows = await tx.query<FlowRow>(
    `delete from control.sign_in_flows where hash = $1 and browser = $2
     returning hash, connection_id as "connectionId", purpose, session_id as "sessionId", browser,
       expires_at as "expiresAt", seal`,
    [hash, browser],
  );
  return rows[0];
}

/** False when it was said before. */
export async function spendAssertion(
  tx: ControlTx,
  { hash, expiresAt }: { hash: Buffer; expiresAt: Date },
): Promise<boolean> {
  const count = await tx.execute(
    `insert into control.spent_assertions (hash, expires_at) values ($1, $2) on conflict do nothing`,
    [hash, expiresAt],
  );
  return count === 1;
}

/** Forgets what has run out. */
export async function pruneFlows(tx: ControlTx): Promise<number> {
  return tx.execute(
    `with flows as (delete from control.sign_in_flows where expires_at < now()),
       answers as (delete from control.kept_answers where expires_at < now())
     delete from control.spent_assertions where expires_at < now()`,
  );
}
