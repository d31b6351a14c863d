import { readLock } from '../components/index.ts';
import { Fault } from '../fault.ts';
import { majorStep } from '../upgrade/major-step.ts';
import type { BackupManifest } from './manifest.ts';

/** A data directory opens under its own major version alone, and so does the log. */
export function refuseOtherMajor({ id, version, database }: BackupManifest): void {
  const ours = readLock().postgresql.version;
  if (!majorStep(database.version, ours)) return;
  throw new Fault(`The backup ${id} is of PostgreSQL ${database.version}`, {
    why: `This version brings ${ours}, which can't open it.`,
    next: `Nothing was changed. Restore it with the installer of ${version}, then upgrade.`,
    code: 'path',
  });
}
