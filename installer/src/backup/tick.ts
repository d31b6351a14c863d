import { runSql } from '../database/run-sql.ts';
import { messageOf } from '../fault.ts';
import type { InstanceLayout } from '../instance/layout.ts';
import { instancePaths } from '../instance/paths.ts';
import type { InstanceSettings } from '../instance/settings.ts';
import type { Reporter } from '../terminal/reporter.ts';
import { createBackup, type Told } from './create-backup.ts';
import { drill } from './drill.ts';
import { keepEscrow } from './escrow.ts';
import { expireBackups } from './expire.ts';
import { saveKeys } from './key-snapshot.ts';
import type { BackupManifest } from './manifest.ts';
import { openBackups, type BackupContext } from './plan.ts';
import { ensureRepository } from './restic.ts';
import { dueTasks, readState, saveState, type BackupState, type Task } from './state.ts';
import { listSpool, pushLog, superuser } from './wal-archive.ts';
import { withBackupLock } from './with-backup-lock.ts';

/** Counts every change of what has to do with keys; it starts anew when the database does. */
const keysSeen = `select coalesce(string_agg(relname || ':' ||
    (n_tup_ins + n_tup_upd + n_tup_del), ',' order by relname), '')
  from pg_stat_user_tables where schemaname = 'control'
    and relname in ('tenants', 'data_keys', 'key_rotations', 'deletion_ledger', 'rotations');`;

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
    const seen = await runSql(superuser(context), 'casemate', keysSeen);
    const spooled = (await listSpool(instancePaths(layout).walSpoolDir)).length;
    const { plan } = context;
    const due = dueTasks(new Date(), { plan, state: await readState(layout), seen, spooled });
    for (const task of due) {
      try {
        await perform(task, context, seen);
        result.done.push(task);
        await note(layout, (state) => ({
          ...state,
          failed: { ...state.failed, [task]: undefined },
        }));
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

async function perform(task: Task, context: BackupContext, seen: string): Promise<void> {
  const { layout, repositories } = context;
  const at = new Date().toISOString();
  if (task === 'keys') {
    await ensureRepository(repositories, 'keys');
    const { sealKey } = await keepEscrow(context);
    await saveKeys(context, sealKey);
    await note(layout, (state) => ({ ...state, keys: { at, seen } }));
  }
  if (task === 'log') {
    await ensureRepository(repositories, 'data');
    await pushLog(context);
    await note(layout, (state) => ({ ...state, log: { at } }));
  }
  if (task === 'backup') {
    await noteBackup(layout, await createBackup(context, quietly));
    await expireBackups(context, new Date());
  }
  if (task === 'drill') await drill(context, quietly);
}

export async function noteBackup(layout: InstanceLayout, manifest: BackupManifest): Promise<void> {
  const { id, madeAt, complete } = manifest;
  await note(layout, (state) => ({
    ...state,
    backup: { id, at: madeAt, complete },
    log: { at: madeAt },
  }));
}

export async function note(
  layout: InstanceLayout,
  change: (state: BackupState) => BackupState,
): Promise<void> {
  await saveState(layout, change(await readState(layout)));
}
