import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { InstanceLayout } from '../instance/layout.ts';
import { instancePaths } from '../instance/paths.ts';

/** Directories in which a run lays parts of a backup, opened; each names the process that works in it. */
const PATTERN = /^(?:casemate-)?(?:drill|verify|tenant|keys|open)-(\d+)-\w{6}$/;

export type ScratchKind = 'drill' | 'casemate-drill' | 'verify' | 'tenant' | 'keys' | 'open';

export function makeScratch(dir: string, kind: ScratchKind): Promise<string> {
  return mkdtemp(path.join(dir, `${kind}-${process.pid}-`));
}

/** Removes what killed runs left: it holds what the backups hold, in the clear. Gives how many. */
export async function sweepScratch(layout: InstanceLayout): Promise<number> {
  let swept = 0;
  for (const dir of [instancePaths(layout).backupDir, layout.runDir, tmpdir()])
    for (const name of await readdir(dir).catch(() => [])) {
      const pid = Number(PATTERN.exec(name)?.[1] ?? 0);
      if (pid === 0 || isAlive(pid)) continue;
      await rm(path.join(dir, name), { recursive: true, force: true });
      swept += 1;
    }
  return swept;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
