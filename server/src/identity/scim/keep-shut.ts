import type { ControlTx, RequestContext } from '../../platform/index.ts';
import { sealOfDirectoryUser, soundDirectoryUser } from './directory-seal.ts';
import { lockRowsOf, updateStanding } from './repo.ts';

/**
 * Whoever runs the platform closes an account that a directory has closed: it is not that directory's to
 * open any more. Before the lock of the account, as all do who change both. Returns what carries it out.
 */
export async function holdDirectories(
  tx: ControlTx,
  { platform: { pepper } }: RequestContext,
  accountId: string,
): Promise<() => Promise<number>> {
  const rows = await lockRowsOf(tx, accountId);
  const closed = rows.filter((row) => row.ended === 'account' && soundDirectoryUser(pepper, row));
  return async () => {
    for (const row of closed) {
      const standing = { ...row, owned: false, ended: null };
      await updateStanding(tx, { ...standing, seal: sealOfDirectoryUser(pepper, standing) });
    }
    return closed.length;
  };
}
