import { Fault } from '../fault.ts';
import type { BackupContents, BackupManifest } from './manifest.ts';
import { listSnapshots, restic, type Repositories } from './restic.ts';

/** The backups whose manifest is whole, oldest first. */
export async function readBackups(repositories: Repositories): Promise<BackupManifest[]> {
  const manifests: BackupManifest[] = [];
  for (const { id } of await listSnapshots(repositories, 'data', ['manifest'])) {
    const text = await restic(repositories, 'data', { args: ['dump', id, '/manifest.json'] });
    manifests.push(JSON.parse(text) as BackupManifest);
  }
  return manifests;
}

export async function readContents(
  repositories: Repositories,
  { contents }: BackupManifest,
): Promise<BackupContents> {
  const args = ['dump', contents.snapshot, '/contents.json'];
  return JSON.parse(await restic(repositories, 'data', { args })) as BackupContents;
}

/** The named one, or the newest; before a time: the newest that was made before it. */
export function chooseBackup(
  backups: readonly BackupManifest[],
  wish: { id?: string | undefined; before?: Date | undefined },
): BackupManifest {
  const fitting = backups.filter(
    ({ id, madeAt }) =>
      (wish.id === undefined || id === wish.id) &&
      (wish.before === undefined || new Date(madeAt) <= wish.before),
  );
  const found = fitting.at(-1);
  if (found) return found;
  throw new Fault(
    wish.id ? `There is no backup ${wish.id}` : 'There is no backup to restore from',
    {
      why: wish.before
        ? `The oldest was made at ${backups[0]?.madeAt ?? 'no time'}.`
        : `The repository holds ${backups.length}.`,
      next: 'Nothing was changed. `casemate backup list` shows what there is.',
      code: 'notInstalled',
    },
  );
}
