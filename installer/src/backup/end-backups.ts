import { findHolder } from '../components/with-lock.ts';
import { endTree } from '../host/end-tree.ts';
import type { InstanceLayout } from '../instance/layout.ts';
import { backupFiles } from './plan.ts';
import { sweepScratch } from './scratch.ts';

/**
 * Ends what works on the backups of an instance, those that wait for it too, with all that it started, and
 * removes what it had opened: a drill holds the whole instance in the clear, outside its directories.
 */
export async function endBackups(layout: InstanceLayout): Promise<void> {
  const { lockDir } = backupFiles(layout);
  for (;;) {
    const holder = await findHolder(lockDir);
    if (holder === undefined) break;
    await endTree(holder);
  }
  await sweepScratch(layout);
}
