import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import { listExecutables } from './component-parts.ts';
import type { Component, ComponentName } from './types.ts';

type Key = { cacheDir: string; name: ComponentName; version: string; sha256: string };

export function cachedDir({ cacheDir, name, version, sha256 }: Key): string {
  return path.join(cacheDir, 'components', `${name}-${version}-${sha256.slice(0, 16)}`);
}

/**
 * What is in the cache is complete: it got its name by one rename, after it had run. One whose
 * executables are not where they belong (damaged, or unpacked for an earlier layout) does not count.
 */
export async function findCached(key: Key): Promise<Component | undefined> {
  const dir = cachedDir(key);
  const { name, version, sha256 } = key;
  try {
    await access(dir);
    const executables = await listExecutables(name, dir);
    for (const file of Object.values(executables)) await access(file, constants.X_OK);
    return { name, version, dir, source: 'cache', sha256, executables };
  } catch {
    return undefined;
  }
}
