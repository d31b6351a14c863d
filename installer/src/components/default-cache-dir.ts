import { homedir } from 'node:os';
import path from 'node:path';

/** CASEMATE_CACHE, else the XDG cache, else `~/.cache`; always absolute. */
export function defaultCacheDir(env: NodeJS.ProcessEnv): string {
  if (env['CASEMATE_CACHE']) return path.resolve(env['CASEMATE_CACHE']);
  const base = env['XDG_CACHE_HOME'] || path.join(env['HOME'] || homedir(), '.cache');
  return path.resolve(base, 'casemate');
}
