import { withLock } from '../components/with-lock.ts';
import type { InstanceLayout } from '../instance/layout.ts';
import type { Reporter } from '../terminal/reporter.ts';
import { backupFiles } from './plan.ts';
import { sweepScratch } from './scratch.ts';

/** One run at a time works on the repositories of an instance. */
export function withBackupLock<T>(
  layout: InstanceLayout,
  reporter: Reporter,
  work: () => Promise<T>,
): Promise<T> {
  const onWait = (pid: number) =>
    reporter.info(`Another backup of this instance is running (process ${pid}); waiting.`);
  return withLock(backupFiles(layout).lockDir, { onWait }, async () => {
    await sweepScratch(layout);
    return work();
  });
}
