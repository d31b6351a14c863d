import { readFileSync, writeFileSync, renameSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process that can't be mistaken for a later one with the same pid. */
export type ProcessRecord = {
  id: string;
  pid: number;
  /** Clock ticks between boot and its start (field 22 of /proc/pid/stat). */
  startTicks: string;
};

/** Null when there is no such process, or only its corpse. Source: proc_pid_stat(5). */
export function startTicksOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may contain spaces and parentheses itself.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? null);
  } catch {
    return null;
  }
}

export function isAlive(record: ProcessRecord): boolean {
  return startTicksOf(record.pid) === record.startTicks;
}

export function saveRecords(file: string, records: readonly ProcessRecord[]): void {
  const temporary = `${file}.new`;
  writeFileSync(temporary, JSON.stringify(records), { mode: 0o600 });
  renameSync(temporary, file);
}

export function loadRecords(file: string): ProcessRecord[] {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ProcessRecord[];
  } catch {
    return [];
  }
}

/** Signals the whole group that the process leads. False when nobody is left in it. */
export function signalGroup(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}

/**
 * Ends what a killed supervisor left behind: asks each recorded process that still lives, then
 * kills its group. Resolves with the ids of those that were found.
 */
export async function endLeftovers(
  records: readonly (ProcessRecord & { stopSignal?: NodeJS.Signals })[],
  graceMs: number,
): Promise<string[]> {
  const found = records.filter(isAlive);
  for (const record of found) {
    process.kill(record.pid, record.stopSignal ?? 'SIGTERM');
  }
  const deadline = performance.now() + graceMs;
  while (found.some(isAlive) && performance.now() < deadline) await sleep(50);
  for (const record of found) if (isAlive(record)) signalGroup(record.pid, 'SIGKILL');
  while (found.some(isAlive)) await sleep(20);
  return found.map((record) => record.id);
}
