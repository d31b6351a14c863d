import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

type Entry = {
  type?: string;
  auth?: { policies?: string[]; accessor?: string };
  request?: { path?: string };
};

/** Of each token, by its accessor: how many calls of each kind were made with it. */
export type KeyCalls = ReadonlyMap<string, ReadonlyMap<string, number>>;

/**
 * Calls that processes of a program made to the key service so far, by its audit log (one of its two
 * devices), for each kind of path: `transit/decrypt` of all tenants is one kind. Each process has a
 * token of its own: the server, and each command that runs beside it with the server's rights.
 */
export function countKeyCalls(
  instanceDir: string,
  program: 'server' | 'provisioner' = 'server',
): KeyCalls {
  const folder = join(instanceDir, 'log/openbao');
  const [file] = readdirSync(folder)
    .filter((name) => name.endsWith('.log'))
    .sort();
  if (!file) throw new Error(`no audit log of the key service in ${folder}`);
  const calls = new Map<string, Map<string, number>>();
  for (const line of readFileSync(join(folder, file), 'utf8').split('\n')) {
    if (!line.startsWith('{')) continue;
    const { type, auth, request } = JSON.parse(line) as Entry;
    if (type !== 'request' || !auth?.policies?.includes(`casemate-${program}`)) continue;
    const kind = (request?.path ?? '').split('/').slice(0, 2).join('/');
    const counts = calls.get(auth.accessor ?? '') ?? new Map<string, number>();
    calls.set(auth.accessor ?? '', counts.set(kind, (counts.get(kind) ?? 0) + 1));
  }
  return calls;
}

/** What was added between two counts, as text, the most first; and all of it. */
export type Added = { total: number; text: string };

/** By processes that had called before, which serve; and by those that began later. */
export function callsBetween(before: KeyCalls, after: KeyCalls): { serving: Added; others: Added } {
  const [serving, others] = [new Map<string, number>(), new Map<string, number>()];
  for (const [token, counts] of after)
    for (const [kind, count] of counts) {
      const to = before.has(token) ? serving : others;
      const added = count - (before.get(token)?.get(kind) ?? 0);
      if (added > 0) to.set(kind, (to.get(kind) ?? 0) + added);
    }
  return { serving: sum(serving), others: sum(others) };
}

function sum(added: ReadonlyMap<string, number>): Added {
  const sorted = [...added].sort(([, a], [, b]) => b - a);
  const total = sorted.reduce((all, [, count]) => all + count, 0);
  return { total, text: sorted.map(([kind, count]) => `${kind} ${count}`).join(', ') };
}
