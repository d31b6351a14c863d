import { readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { Fault } from '../fault.ts';
import { writeFileAtomically } from '../host/write-file.ts';
import type { InstanceLayout } from '../instance/layout.ts';
import type { InstanceSettings } from '../instance/settings.ts';
import type { SavedFile } from './program-files.ts';

/** In their order. What stands before `migrate` leaves the running instance as it was. */
export const phases = ['bring', 'copy', 'rehearse', 'migrate', 'switch', 'gate'] as const;
export type Phase = (typeof phases)[number] | 'rollback' | 'done';

/** Where an upgrade stands: written before each phase, so that a killed one can be taken up. */
export type UpgradeJournal = {
  format: 1;
  id: string;
  phase: Phase;
  startedAt: string;
  /** Unpacked and verified. */
  bundleDir: string;
  from: InstanceSettings;
  fromVersion: string;
  to: InstanceSettings;
  toVersion: string;
  /** Migrations that take away what the version before needs; empty: a rollback loses nothing. */
  contracts: string[];
  /** Settings that both sides changed, told at the end. */
  conflicts: string[];
  /** Files of the programs from before, by which a rollback brings them back. */
  files: SavedFile[];
  /** The command of the version before, as it stood in its file. */
  command: { file: string; text: string };
  copyDir: string | null;
  /** The copy was made again after the old server had stopped: nothing was written since. */
  copiedAtStop: boolean;
  /** The new key service may have written: the one from before refuses to start with that. */
  keyServiceRan?: boolean;
  /** Why it is taken back. */
  reason: string | null;
  /** How long nobody was served, in milliseconds. */
  interruptionMs: number | null;
};

export function journalFile(layout: InstanceLayout): string {
  return path.join(layout.configDir, 'upgrade.json');
}

/** The last upgrade that came to its end: what `casemate rollback` takes back. */
export function lastUpgradeFile(layout: InstanceLayout): string {
  return path.join(layout.configDir, 'last-upgrade.json');
}

export async function findJournal(file: string): Promise<UpgradeJournal | undefined> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  });
  return text === undefined ? undefined : (JSON.parse(text) as UpgradeJournal);
}

export async function saveJournal(layout: InstanceLayout, journal: UpgradeJournal): Promise<void> {
  const text = `${JSON.stringify(journal)}\n`;
  await writeFileAtomically(journalFile(layout), text, { mode: 0o600 });
}

/** The upgrade is over: kept, so that it can be taken back later. */
export async function closeJournal(layout: InstanceLayout, keep: boolean): Promise<void> {
  if (keep) await rename(journalFile(layout), lastUpgradeFile(layout));
  else await rm(journalFile(layout), { force: true });
}

/** What would change the programs must not work beside an upgrade that was interrupted. */
export async function refuseHalfUpgraded(layout: InstanceLayout): Promise<void> {
  const journal = await findJournal(journalFile(layout));
  if (!journal) return;
  throw new Fault(`An upgrade to ${journal.toVersion} was interrupted`, {
    why: `It stands at "${journal.phase}".`,
    next: 'Take it up with `casemate upgrade --resume`, or take it back with `casemate rollback`.',
    code: 'path',
  });
}
