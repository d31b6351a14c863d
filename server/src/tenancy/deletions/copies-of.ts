import type { BackupStatus } from '../../platform/index.ts';

/** What is left of a deleted tenant in the backups. */
export type Copies = {
  /** By when the last snapshot of the key service that holds its key is pruned. */
  keysUntil: string;
  /** By when the last copy of its data is pruned: the last copy of all. */
  dataUntil: string;
  /** Seen after a prune: the oldest copy of the repository is younger than the deletion. */
  keysGone: boolean;
  dataGone: boolean;
};

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/**
 * When the last copies of a tenant die, by the plan of today: a copy made just before the deletion stays
 * for the retention, and is pruned with the next backup. Null where no backups are planned. Pure.
 */
export function copiesOf(deletedAt: Date, status: BackupStatus | null): Copies | null {
  if (!status?.plan) return null;
  const { everyHours, keyRetentionDays, retentionDays } = status.plan;
  const after = (days: number): string =>
    new Date(deletedAt.getTime() + days * DAY + everyHours * HOUR).toISOString();
  const gone = (oldest: string | null | undefined): boolean =>
    oldest !== undefined && (oldest === null || new Date(oldest) > deletedAt);
  return {
    keysUntil: after(keyRetentionDays),
    dataUntil: after(Math.max(retentionDays, keyRetentionDays)),
    keysGone: gone(status.oldest?.keys),
    dataGone: gone(status.oldest?.data),
  };
}
