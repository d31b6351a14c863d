import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { type Account, findAccountById } from '../host/accounts.ts';
import { enterOf, WatchedNetwork } from './watched-network.ts';

type Making = {
  /** The namespace that everything was started in, as /proc/PID/ns/net names it. */
  outer: string;
  logDir: string;
};

/**
 * Some parts (the model server, each parser of documents) run in a network of their own without a way
 * out, where a try would leave no trace. Each gets the same sink and counters as soon as it is seen.
 */
export function watchInnerNetworks(
  making: Making,
  everyMs = 100,
): { list: WatchedNetwork[]; stop(): Promise<void> } {
  const list: WatchedNetwork[] = [];
  const known = new Set([making.outer]);
  let looking: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    looking = looking.then(() => look({ ...making, known }, list));
  }, everyMs);
  return {
    list,
    stop: async () => {
      clearInterval(timer);
      await looking;
    },
  };
}

async function look(
  { outer, logDir, known }: Making & { known: Set<string> },
  list: WatchedNetwork[],
): Promise<void> {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  for (const pid of pids.map(Number)) {
    const inode = networkOf(pid);
    if (inode === null || known.has(inode) || !startedIn(outer, pid)) continue;
    known.add(inode);
    const owner = ownerOf(pid);
    if (!owner) continue;
    const network = new WatchedNetwork(`${owner.name} ${inode}`, {
      enter: enterOf(pid),
      log: path.join(logDir, `names-${inode.replace(/\D/g, '')}`),
      owner,
      inUserNamespace: namespaceOf(pid, 'user') !== namespaceOf('self', 'user'),
    });
    // A parser may have ended before it could be watched.
    await network.open().then(
      () => list.push(network),
      () => network.close(),
    );
  }
}

export const networkOf = (pid: number | 'self'): string | null => namespaceOf(pid, 'net');

function namespaceOf(pid: number | 'self', kind: 'net' | 'user'): string | null {
  try {
    return readlinkSync(path.join('/proc', String(pid), 'ns', kind));
  } catch {
    return null;
  }
}

/** Whether it, or whoever started it, is in that namespace: other instances of this host are not. */
function startedIn(outer: string, pid: number): boolean {
  for (let one = pid; one > 1; one = parentOf(one)) if (networkOf(one) === outer) return true;
  return false;
}

const parentOf = (pid: number): number => statusOf(pid, /^PPid:\s+(\d+)/m) ?? 0;

function ownerOf(pid: number): Account | undefined {
  const uid = statusOf(pid, /^Uid:\s+(\d+)/m);
  return uid === undefined ? undefined : findAccountById(uid);
}

function statusOf(pid: number, line: RegExp): number | undefined {
  try {
    const found = line.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return found === undefined ? undefined : Number(found);
  } catch {
    return undefined;
  }
}
