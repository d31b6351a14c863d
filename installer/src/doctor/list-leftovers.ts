import { readdir, readFile, stat } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import type { InstanceLayout } from '../instance/layout.ts';
import { instancePaths } from '../instance/paths.ts';
import { startTicksOf, type ProcessRecord } from '../supervisor/process-record.ts';

/** A file that something which was killed left behind, and why it is known to be nobody's. */
export type Leftover = { path: string; why: string };

const HALF_WRITTEN = /\.[0-9a-f]{12}\.new$/;
const TEN_MINUTES = 10 * 60_000;
const HOUR = 60 * 60_000;

/**
 * Records of processes that are gone, a control socket behind which nobody is, files that were never
 * written to their end, and credentials that no command picked up. Age keeps apart what is being made
 * at this moment.
 */
export async function listLeftovers(layout: InstanceLayout, now: Date): Promise<Leftover[]> {
  const paths = instancePaths(layout);
  const found = await Promise.all([
    staleRecord(paths.supervisorFile),
    staleSocket(paths.controlSocket),
    staleDatabasePid(path.join(paths.databaseDir, 'postmaster.pid')),
    ...[layout.configDir, layout.sealDir, layout.runDir].map((dir) =>
      oldFiles(dir, (file, age) => HALF_WRITTEN.test(file) && age > TEN_MINUTES, now).then(
        (files) => files.map((file) => ({ path: file, why: 'was never written to its end' })),
      ),
    ),
    oldFiles(paths.commandDir, (_file, age) => age > HOUR, now).then((files) =>
      files.map((file) => ({ path: file, why: 'a credential that no command picked up' })),
    ),
  ]);
  return [...new Map(found.flat().map((one) => [one.path, one])).values()];
}

async function staleRecord(file: string): Promise<Leftover[]> {
  const record = await readJson<ProcessRecord>(file);
  if (record === null || startTicksOf(record.pid) === record.startTicks) return [];
  return [{ path: file, why: `process ${record.pid} is gone` }];
}

/** Its lock is not a file and can't be left; the socket can. */
async function staleSocket(file: string): Promise<Leftover[]> {
  const there = await stat(file).catch(() => null);
  if (!there?.isSocket()) return [];
  const refused = await new Promise<boolean>((resolve) => {
    const socket = net.connect({ path: file });
    socket.once('connect', () => resolve(socket.destroy() && false));
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED'));
  });
  return refused ? [{ path: file, why: 'nobody listens behind it' }] : [];
}

/** PostgreSQL takes a process with that number for itself, and does not start. */
async function staleDatabasePid(file: string): Promise<Leftover[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const pid = Number(/^\d+/.exec(text)?.[0] ?? 0);
  if (pid === 0) return [];
  const name = (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')).trim();
  if (name === '' || name === 'postgres') return [];
  return [{ path: file, why: `process ${pid} is ${name}, not PostgreSQL` }];
}

async function oldFiles(
  dir: string,
  wanted: (file: string, ageMs: number) => boolean,
  now: Date,
): Promise<string[]> {
  const entries = await readdir(dir, { withFileTypes: true, recursive: true }).catch(() => []);
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  const kept = await Promise.all(
    files.map(async (file) => {
      const found = await stat(file).catch(() => null);
      return found !== null && wanted(file, now.getTime() - found.mtimeMs);
    }),
  );
  return files.filter((_file, index) => kept[index]);
}

async function readJson<T>(file: string): Promise<T | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as T;
  } catch {
    return null;
  }
}
