import { constants } from 'node:fs';
import { access, readdir, readFile, readlink, realpath, statfs } from 'node:fs/promises';
import { lookup } from 'node:dns/promises';
import { availableParallelism, networkInterfaces, release } from 'node:os';
import { runProgram } from '../host/run-program.ts';
import type { Host } from './host.ts';
import { measureWriting } from './measure-writing.ts';
import { tryListening } from './try-listening.ts';

/** The host that this process runs on. */
export function realHost(): Host {
  return {
    architecture: process.arch,
    uid: process.getuid?.() ?? -1,
    kernel: release(),
    glibc: glibcVersion(),
    cores: availableParallelism(),
    now: () => new Date(),
    addresses: () =>
      Object.values(networkInterfaces()).flatMap((all) =>
        (all ?? []).map(({ address }) => address),
      ),
    readText: (file) => orNull(readFile(file, 'utf8')),
    list: async (dir) => (await orNull(readdir(dir))) ?? [],
    realPath: (file) => orNull(realpath(file)),
    exists: (file) => allowed(file, constants.F_OK),
    writable: (dir) => allowed(dir, constants.W_OK | constants.X_OK),
    space: async (dir) => {
      const found = await orNull(statfs(dir));
      return (
        found && {
          freeBytes: found.bavail * found.bsize,
          totalBytes: found.blocks * found.bsize,
          freeInodes: found.ffree,
          totalInodes: found.files,
        }
      );
    },
    run: (program, args) => orNull(runProgram(program, args, { timeoutMs: 10_000 })),
    tryListening,
    resolve: async (name) =>
      ((await orNull(lookup(name, { all: true }))) ?? []).map(({ address }) => address),
    findSocketOwner,
    measureWriting,
  };
}

function orNull<T>(attempt: Promise<T>): Promise<T | null> {
  return attempt.catch(() => null);
}

function allowed(file: string, mode: number): Promise<boolean> {
  return access(file, mode).then(
    () => true,
    () => false,
  );
}

function glibcVersion(): string | null {
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return report.header?.glibcVersionRuntime ?? null;
}

async function findSocketOwner(inode: string): Promise<string | null> {
  const processes = ((await orNull(readdir('/proc'))) ?? []).filter((name) => /^\d+$/.test(name));
  for (const pid of processes) {
    for (const fd of (await orNull(readdir(`/proc/${pid}/fd`))) ?? []) {
      if ((await orNull(readlink(`/proc/${pid}/fd/${fd}`))) !== `socket:[${inode}]`) continue;
      const name = await orNull(readFile(`/proc/${pid}/comm`, 'utf8'));
      return `${name?.trim() ?? 'a process'} (process ${pid})`;
    }
  }
  return null;
}
