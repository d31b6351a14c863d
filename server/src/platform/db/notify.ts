import type { ControlTx, TenantTx } from './types.ts';

/**
 * Every channel on which the processes tell each other that there is something to look at. `notify`
 * takes no other, and the isolation test listens to all of them.
 */
export const NOTIFY_CHANNELS = [
  'casemate_jobs',
  'casemate_chat',
  'casemate_tenants',
  'casemate_rotation',
] as const;

export type NotifyChannel = (typeof NOTIFY_CHANNELS)[number];

/**
 * Tells whoever listens, when the transaction commits. Every process hears it, whoever's it is: it
 * says where to look, in words of the program and ids, and who hears it reads the rows for the truth.
 */
export async function notify(
  tx: ControlTx | TenantTx,
  channel: NotifyChannel,
  payload: string,
): Promise<void> {
  await tx.query('select pg_notify($1, $2)', [channel, payload]);
}
