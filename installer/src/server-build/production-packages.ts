import path from 'node:path';

type LockedPackage = {
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  link?: boolean;
};

export type PackageLock = { packages: Record<string, LockedPackage> };

/**
 * The folders of `node_modules` that a workspace needs to run, as paths in the checkout: the
 * closure of its dependencies in package-lock.json (format 3), found the way Node finds them.
 * Optional packages may be absent on this platform. Pure.
 */
export function productionPackages(lock: PackageLock, workspace: string): string[] {
  const found = new Set<string>();
  const waiting = [workspace];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const entry = lock.packages[at];
    const names = { ...entry?.dependencies, ...entry?.optionalDependencies };
    for (const name of Object.keys(names)) {
      const place = placeOf(lock, at, name);
      if (place === undefined || found.has(place)) continue;
      found.add(place);
      waiting.push(place);
    }
  }
  return [...found].sort();
}

/** Where `name` is found from `from`: its own node_modules first, then those above. */
function placeOf(lock: PackageLock, from: string, name: string): string | undefined {
  for (let at = from; ; at = path.posix.dirname(at)) {
    const place = path.posix.join(at === '.' ? '' : at, 'node_modules', name);
    if (lock.packages[place] && !lock.packages[place].link) return place;
    if (at === '.') return undefined;
  }
}
