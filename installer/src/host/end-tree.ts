import { readdirSync, readFileSync } from 'node:fs';
import { waitUntil } from './wait-until.ts';

/** Kills a process and all that it started, and what these started, as far as none left the tree before. */
export async function endTree(root: number): Promise<void> {
  const found: number[] = [];
  // What stands still starts nothing more: looked for until there is nobody new.
  for (let fresh = [root]; fresh.length > 0; fresh = childrenOf(found)) {
    for (const pid of fresh) send(pid, 'SIGSTOP');
    found.push(...fresh);
  }
  for (const pid of found) send(pid, 'SIGKILL');
  await waitUntil(() => !found.some((pid) => send(pid, 0)), 5000, 20);
}

/** Of these, without themselves. */
function childrenOf(parents: readonly number[]): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const isNew = (pid: number): boolean =>
    !parents.includes(pid) && parents.includes(parentOf(pid) ?? 0);
  return pids.map(Number).filter(isNew);
}

/** Field 4 of proc(5) stat; nothing once it has ended. */
function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold spaces and parentheses itself.
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' ? undefined : Number(parent);
  } catch {
    return undefined;
  }
}

/** False where there is no such process any more. */
function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    return false;
  }
}
