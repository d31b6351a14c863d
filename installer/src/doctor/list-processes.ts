import { readdir, readFile, readlink } from 'node:fs/promises';
import path from 'node:path';
import type { ProcessFact } from './patient.ts';

/** Every process, as far as this account may see it (proc(5)). */
export async function listProcesses(): Promise<ProcessFact[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(pids.map((pid) => findProcess(pid)));
  return found.filter((one) => one !== null);
}

async function findProcess(pid: string): Promise<ProcessFact | null> {
  const read = (name: string) => readFile(path.join('/proc', pid, name), 'utf8').catch(() => '');
  const stat = await read('stat');
  // The name in parentheses may hold spaces and parentheses itself.
  const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (stat === '' || state === 'Z') return null;
  return {
    pid: Number(pid),
    parent: Number(parent),
    name: stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')')),
    text: `${await read('cmdline')}\0${await read('environ')}`,
    sockets: await listSockets(pid),
  };
}

async function listSockets(pid: string): Promise<Set<string>> {
  const dir = path.join('/proc', pid, 'fd');
  const names = await readdir(dir).catch(() => []);
  const links = await Promise.all(names.map((fd) => readlink(path.join(dir, fd)).catch(() => '')));
  return new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
}
