import type { ControlTx } from '../../../platform/index.ts';

export type KeptAnswer = { flow: Buffer; handle: Buffer; value: string; expiresAt: Date };

/**
 * Keeps one for a sign-in that was begun and has not ended, in place of an earlier; false where there is
 * none. Of what has run out nothing stays.
 */
export async function keepAnswer(
  tx: ControlTx,
  kept: KeptAnswer & { now: Date },
): Promise<boolean> {
  await tx.execute('delete from control.kept_answers where expires_at < $1', [kept.now]);
  const count = await tx.execute(
    `insert into control.kept_answers (flow, handle, value, expires_at)
     select flow.hash, $2, $3, $4 from control.sign_in_flows flow
     join control.connections connection on connection.id = flow.connection_id
     where flow.hash = $1 and connection.kind = 'saml' and flow.expires_at > $5
     on conflict (flow) do update set handle = excluded.handle, value = excluded.value,
       expires_at = excluded.expires_at`,
    [kept.flow, kept.handle, kept.value, kept.expiresAt, kept.now],
  );
  return count === 1;
}

/** Of any number who take it one gets it. */
export async function takeAnswer(
  tx: ControlTx,
  { flow, handle }: Pick<KeptAnswer, 'flow' | 'handle'>,
): Promise<Pick<KeptAnswer, 'value' | 'expiresAt'> | undefined> {
  const rows = await tx.query<Pick<KeptAnswer, 'value' | 'expiresAt'>>(
    `delete from control.kept_answers where flow = $1 and handle = $2
     returning value, expires_at as "expiresAt"`,
    [flow, handle],
  );
  return rows[0];
}
