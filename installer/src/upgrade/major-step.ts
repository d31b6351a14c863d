import type { InstanceSettings } from '../instance/settings.ts';
import type { UpgradeJournal } from './journal.ts';

/** From one major version of PostgreSQL to another: their data directories differ. */
export type MajorStep = { from: number; to: number };

/** Null within one major version, and where either is unknown. Pure. */
export function majorStep(before: string | undefined, after: string | undefined): MajorStep | null {
  const [from, to] = [before, after].map((version) => Number.parseInt(version ?? '', 10));
  if (!from || !to || from === to) return null;
  return { from, to };
}

/** Known from `bring` on: until then the new settings name the old programs. */
export function majorStepOf({ from, to }: Pick<UpgradeJournal, 'from' | 'to'>): MajorStep | null {
  return majorStep(postgresqlOf(from), postgresqlOf(to));
}

/** After which the version before can't work with the data any more; empty: a rollback loses nothing. */
export function pointsOfNoReturn(journal: UpgradeJournal): string[] {
  const major = majorStepOf(journal);
  return [...journal.contracts, ...(major ? [`PostgreSQL ${major.to}`] : [])];
}

export function postgresqlOf({ components }: InstanceSettings): string | undefined {
  return components['postgresql']?.version;
}
