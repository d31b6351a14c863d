import { messageOf } from '../fault.ts';
import type { InstanceLayout } from '../instance/layout.ts';
import type { InstanceSettings } from '../instance/settings.ts';
import { findPlan, findRecipient, openBackups, type BackupPlan } from './plan.ts';
import { listSnapshots, type RepositoryName } from './restic.ts';
import { readState, type BackupState } from './state.ts';

/** What this host knows of its backups, and what the repositories themselves hold. */
export type BackupSight = {
  plan: BackupPlan;
  state: BackupState;
  hasRecipient: boolean;
  /** When the newest of each was made as the repository says it: null where there is none. */
  newest: Record<RepositoryName, { at: string | null; fault: string | null }>;
  /** Whether the repository holds the backup that was noted last. */
  holdsLast: boolean;
};

const tags = { data: 'manifest', keys: 'keys', recovery: 'recovery' } as const;

/** Null where no backups are planned. */
export async function lookAtBackups(
  layout: InstanceLayout,
  settings: InstanceSettings,
): Promise<BackupSight | null> {
  const plan = await findPlan(layout);
  if (!plan) return null;
  const { repositories } = await openBackups(layout, settings);
  const state = await readState(layout);
  const newest = {} as BackupSight['newest'];
  let holdsLast = false;
  for (const name of ['data', 'keys', 'recovery'] as const)
    try {
      const found = await listSnapshots(repositories, name, [tags[name]]);
      newest[name] = { at: found.at(-1)?.time ?? null, fault: null };
      if (name === 'data')
        holdsLast = found.some((one) => one.tags.includes(`backup=${state.backup?.id ?? ''}`));
    } catch (error) {
      newest[name] = { at: null, fault: messageOf(error) };
    }
  return {
    plan,
    state,
    hasRecipient: (await findRecipient(layout)) !== undefined,
    newest,
    holdsLast,
  };
}
