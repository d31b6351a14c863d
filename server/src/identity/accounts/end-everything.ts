import type { ControlTx } from '../../platform/index.ts';
import { withdrawAllOf } from '../invitations/repo.ts';
import { endLinks } from '../links/repo.ts';
import { endAllSessions } from '../repo.ts';
import { cancelJobsOfAccount, revokeKeysOfAccount } from './repo.ts';

/**
 * Ends what an account has going: sessions, with them its streams within two seconds, API keys, links
 * and invitations, and the work that it asked for.
 */
export async function endEverything(
  tx: ControlTx,
  accountId: string,
  reason: string,
): Promise<{ sessions: number; jobs: number }> {
  const sessions = await endAllSessions(tx, accountId, reason);
  await endLinks(tx, { accountId });
  await withdrawAllOf(tx, accountId);
  await revokeKeysOfAccount(tx, { accountId });
  return { sessions, jobs: await cancelJobsOfAccount(tx, { accountId }) };
}
