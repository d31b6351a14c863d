import { writeFileAtomically } from '../host/write-file.ts';
import type { InstanceLayout } from '../instance/layout.ts';
import { instancePaths } from '../instance/paths.ts';
import { backupFiles, findJson, findPlan, type BackupPlan } from './plan.ts';

export type Task = 'keys' | 'log' | 'backup' | 'drill';

/** What was done last; where it is lost, everything is due. */
export type BackupState = {
  format: 1;
  backup?: { id: string; at: string; complete: boolean };
  keys?: { at: string; seen: string };
  log?: { at: string };
  drill?: { at: string; backup: string; passed: boolean; said: string };
  /** Of when the oldest copy in each repository is, seen after the last prune. */
  oldest?: { data: string | null; keys: string | null; seenAt: string };
  /** The log that waited was thrown away then: until the next backup there is none to replay. */
  gap?: string;
  /** A tenant that is being brought back; what is left of it was interrupted. */
  restoring?: { tenant: string; name: string; at: string; opens: boolean };
  /** The last failure of each, with the moment before which it is not tried again. */
  failed?: Partial<Record<Task, { at: string; why: string; times: number }>>;
};

export async function readState(layout: InstanceLayout): Promise<BackupState> {
  return (await findJson<BackupState>(backupFiles(layout).stateFile)) ?? { format: 1 };
}

async function saveState(layout: InstanceLayout, state: BackupState): Promise<void> {
  const text = `${JSON.stringify(state, null, 2)}\n`;
  await writeFileAtomically(backupFiles(layout).stateFile, text, { mode: 0o600 });
  await tell(layout, state);
}

/** For the overview, its alert and the certificates of deletions, which may know no more than this. */
async function tell(layout: InstanceLayout, { backup, oldest }: BackupState): Promise<void> {
  const plan = await findPlan(layout);
  const { everyHours = 0, retentionDays = 0, keyRetentionDays = 0 } = plan ?? {};
  const told = {
    ...(backup?.complete ? { succeededAt: backup.at } : {}),
    ...(plan ? { plan: { everyHours, retentionDays, keyRetentionDays } } : {}),
    ...(oldest ? { oldest } : {}),
  };
  const { backupStatusFile } = instancePaths(layout);
  await writeFileAtomically(backupStatusFile, JSON.stringify(told), { mode: 0o644 });
}

export async function note(
  layout: InstanceLayout,
  change: (state: BackupState) => BackupState,
): Promise<void> {
  await saveState(layout, change(await readState(layout)));
}

/** Notes what was done, whoever asked for it, and that it fails no longer. */
export function noteDone<T extends Task>(
  layout: InstanceLayout,
  task: T,
  done: NonNullable<BackupState[T]>,
): Promise<void> {
  return note(layout, (state) => ({
    ...state,
    [task]: done,
    failed: { ...state.failed, [task]: undefined },
  }));
}

const MINUTE = 60_000;

/**
 * What is to be done now, the most pressing first. `seen` stands for the keys that there are: another one
 * than at the last snapshot means that a key was made, rotated or destroyed. What failed is tried again
 * after a minute, two, four, and so on up to an hour. Pure.
 */
export function dueTasks(
  now: Date,
  {
    plan,
    state,
    seen,
    spooled,
  }: { plan: BackupPlan; state: BackupState; seen: string; spooled: number },
): Task[] {
  const since = (at: string | undefined) =>
    at ? now.getTime() - new Date(at).getTime() : Infinity;
  const due: Record<Task, boolean> = {
    keys: state.keys?.seen !== seen || since(state.keys.at) >= 24 * 60 * MINUTE,
    log: spooled > 0 && since(state.log?.at) >= plan.logMinutes * MINUTE,
    backup: state.gap !== undefined || since(state.backup?.at) >= plan.everyHours * 60 * MINUTE,
    drill:
      state.backup !== undefined && since(state.drill?.at) >= plan.drillDays * 24 * 60 * MINUTE,
  };
  const rests = (task: Task) => {
    const failure = state.failed?.[task];
    if (!failure) return false;
    return since(failure.at) < Math.min(2 ** (failure.times - 1), 60) * MINUTE;
  };
  return (['keys', 'log', 'backup', 'drill'] as const).filter((task) => due[task] && !rests(task));
}
