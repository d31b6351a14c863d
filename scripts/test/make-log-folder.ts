import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

const KEPT = 10;

/** A new folder for the logs of this run, outside the checkout; the last ten runs are kept. */
export function makeLogFolder(env: NodeJS.ProcessEnv, now: Date): string {
  const cache =
    env['CASEMATE_CACHE'] ??
    path.join(env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache'), 'casemate');
  const all = path.join(cache, 'test-logs');
  const folder = path.join(all, `${now.toISOString().replace(/[:.]/g, '-')}-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  for (const old of readdirSync(all).sort().slice(0, -KEPT)) {
    rmSync(path.join(all, old), { recursive: true, force: true });
  }
  return folder;
}
