import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

type Entry = { type?: string; auth?: { policies?: string[] }; request?: { path?: string } };

/**
 * Calls that a program made to the key service so far, by its audit log (one of its two devices),
 * for each kind of path: `transit/decrypt` of all tenants is one kind.
 */
export function countKeyCalls(
  instanceDir: string,
  program: 'server' | 'provisioner' = 'server',
): Map<string, number> {
  const folder = join(instanceDir, 'log/openbao');
  const [file] = readdirSync(folder)
    .filter((name) => name.endsWith('.log'))
    .sort();
  if (!file) throw new Error(`no audit log of the key service in ${folder}`);
  const counts = new Map<string, number>();
  for (const line of readFileSync(join(folder, file), 'utf8').split('\n')) {
    if (!line.startsWith('{')) continue;
    const { type, auth, request } = JSON.parse(line) as Entry;
    if (type !== 'request' || !auth?.policies?.includes(`casemate-${program}`)) continue;
    const kind = (request?.path ?? '').split('/').slice(0, 2).join('/');
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}

/** What was added between two counts, as text, the most first; and all of it. */
export function callsBetween(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): { total: number; text: string } {
  const added = [...after]
    .map(([kind, count]): [string, number] => [kind, count - (before.get(kind) ?? 0)])
    .filter(([, count]) => count > 0)
    .sort(([, a], [, b]) => b - a);
  const total = added.reduce((sum, [, count]) => sum + count, 0);
  return { total, text: added.map(([kind, count]) => `${kind} ${count}`).join(', ') };
}
