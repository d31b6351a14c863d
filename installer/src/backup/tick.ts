import { messageOf } from '../fault.ts';
import type { InstanceLayout } from '../instance/layout.ts';
import { instancePaths } from '../instance/paths.ts';
import type { InstanceSettings } from '../instance/settings.ts';
import type { Reporter } from '../terminal/reporter.ts';
import { boundSpool } from './bound-spool.ts';
import { createBackup, type Told } from './create-backup.ts';
import { drill } from './drill.ts';
import { keepEscrow } from './escrow.ts';
import { expireBackups } from './expire.ts';
import { readKeysSeen, saveKeys } from './key-snapshot.ts';
import { openBackups, type BackupContext } from './plan.ts';
import { ensureRepository } from './restic.ts';
import { dueTasks, note, readState, type Task } from './state.ts';
import { listSpool, pushLog } from './wal-archive.ts';
import { withBackupLock } from './with-backup-lock.ts';

export type Ticked = { done: Task[]; failed: { task: Task; why: string }[] };

/** What a timer runs every minute: whatever is due by the plan, each on its own. */
export async function tick(
  layout: InstanceLayout,
  settings: InstanceSettings,
  reporter: Reporter,
): Promise<Ticked> {
  const context = await openBackups(layout, settings);
  return withBackupLock(layout, reporter, async () => {
    const result: Ticked = { done: [], failed: [] };
    const seen = await readKeysSeen(context);
    await boundSpool(context);
    const spooled = (await listSpool(instancePaths(layout).walSpoolDir)).length;
    const { plan } = context;
    const due = dueTasks(new Date(), { plan, state: await readState(layout), seen, spooled });
    for (const task of due) {
      try {
        await perform(task, context);
        result.done.push(task);
      } catch (error) {
        const why = messageOf(error);
        result.failed.push({ task, why });
        await note(layout, (state) => {
          const times = (state.failed?.[task]?.times ?? 0) + 1;
          const failure = { at: new Date().toISOString(), why, times };
          return { ...state, failed: { ...state.failed, [task]: failure } };
        });
      }
    }
    return result;
  });
}

const quietly: Told = (_title, work) => work();

async function perform(task: Task, context: BackupContext): Promise<void> {
  const { repositories } = context;
  if (task === 'keys') {
    await ensureRepository(repositories, 'keys');
    const { sealKey } = await keepEscrow(context);
    await saveKeys(context, sealKey);
  }
  if (task === 'log') {
    await ensureRepository(repositories, 'data');
    await pushLog(context);
  }
  if (task === 'backup') {
    await createBackup(context, quietly);
    await expireBackups(context, new Date());
  }
  if (task === 'drill') await drill(context, quietly);
}
