import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const time = z.iso.datetime({ offset: true });

/** What the installer tells of the backups; it knows the target, the server does not. */
const backupStatusSchema = z.object({
  /** When the last complete backup was made; absent before the first. */
  succeededAt: time.optional(),
  /** How long copies stay. Absent in a file of an earlier version. */
  plan: z
    .object({ everyHours: z.number(), retentionDays: z.number(), keyRetentionDays: z.number() })
    .optional(),
  /** Of when the oldest copy in each repository is, seen after the last prune; null: it is empty. */
  oldest: z.object({ data: time.nullable(), keys: time.nullable(), seenAt: time }).optional(),
});

export type BackupStatus = z.output<typeof backupStatusSchema>;

/** Null where no backups are set up; rejects when the file is none of the installer's. */
export async function readBackupStatus(file: string | undefined): Promise<BackupStatus | null> {
  if (file === undefined) return null;
  try {
    return backupStatusSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
