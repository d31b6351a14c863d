import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { runSql, type SuperuserAccess } from '../database/run-sql.ts';
import { Fault } from '../fault.ts';
import { endProcessesWith } from '../host/end-processes.ts';
import { getAccounts } from '../host/get-accounts.ts';
import { plainEnv, runProgram } from '../host/run-program.ts';
import { waitUntil } from '../host/wait-until.ts';
import type { InstanceLayout } from '../instance/layout.ts';
import type { InstanceSettings } from '../instance/settings.ts';
import { executable } from '../supervisor/process-specs.ts';

type Scratch = {
  layout: InstanceLayout;
  settings: InstanceSettings;
  clusterDir: string;
  /** Works on the cluster itself, and keeps it; otherwise on a copy that is thrown away. */
  inPlace?: boolean;
};

/**
 * Starts a copy of a copied cluster, where nobody but us reaches it, and removes it afterwards. The
 * programs are those of `settings`.
 */
export async function withScratchDatabase<T>(
  { layout, settings, clusterDir, inPlace = false }: Scratch,
  work: (access: SuperuserAccess) => Promise<T>,
): Promise<T> {
  const runAs = getAccounts(layout)['casemate-db'];
  const dir = inPlace ? clusterDir : `${clusterDir}.rehearsal`;
  // What a killed run left, still working there.
  await endProcessesWith(dir);
  if (!inPlace) {
    await rm(dir, { recursive: true, force: true });
    await copyTree(clusterDir, dir);
  }
  // Short: the path of a socket may have 107 bytes.
  await mkdir(layout.runDir, { recursive: true });
  const socketDir = await mkdtemp(path.join(layout.runDir, 'try-'));
  const group = getAccounts(layout)['casemate']?.gid;
  if (runAs && group !== undefined) await chown(socketDir, runAs.uid, group);
  await chmod(socketDir, runAs ? 0o750 : 0o700);
  const speed = inPlace ? [] : ['-c', 'fsync=off'];
  // What a copy does is no part of the history that the backups keep.
  const apart = ['-c', `unix_socket_directories=${socketDir}`, '-c', 'archive_mode=off'];
  const words = ['-D', dir, ...apart, ...speed];
  const server = spawn(executable(settings, 'postgresql', 'postgres'), words, {
    env: plainEnv,
    stdio: 'ignore',
    ...(runAs ?? {}),
  });
  const access = {
    psql: executable(settings, 'postgresql', 'psql'),
    socketDir,
    port: settings.databasePort,
    runAs,
  };
  try {
    await untilReady(server, access);
    return await work(access);
  } finally {
    if (server.exitCode === null) {
      server.kill(inPlace ? 'SIGINT' : 'SIGQUIT');
      await once(server, 'exit');
    }
    if (!inPlace) await rm(dir, { recursive: true, force: true });
    await rm(socketDir, { recursive: true, force: true });
  }
}

/** With cp(1), which keeps the owners, shares blocks where it can, and is quick with 100,000 files. */
async function copyTree(from: string, to: string): Promise<void> {
  const { code, stderr } = await runProgram('cp', ['-a', '--reflink=auto', '--', from, to]);
  if (code === 0) return;
  throw new Fault('The copy of the database could not be copied once more', {
    why: stderr.trim().split('\n').at(-1) ?? '',
    next: 'Nothing that runs was changed. See whether the disk is full.',
  });
}

async function untilReady(server: ChildProcess, access: SuperuserAccess): Promise<void> {
  const answers = () =>
    runSql(access, 'postgres', 'select 1;').then(
      (answer) => answer === '1',
      () => false,
    );
  const ready = await waitUntil(async () => server.exitCode !== null || (await answers()), 60_000);
  if (ready && server.exitCode === null) return;
  throw new Fault('The copy of the database does not start', {
    why: 'PostgreSQL of the new version ended, or did not answer within a minute.',
    next: 'Nothing that runs was changed. See whether the disk is full.',
  });
}

/** Gives a tree to the account that works on it; nothing for an instance of an ordinary user. */
export async function giveTree(
  dir: string,
  owner: { uid: number; gid: number } | undefined,
): Promise<void> {
  if (!owner) return;
  await chown(dir, owner.uid, owner.gid);
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true }))
    await chown(path.join(entry.parentPath, entry.name), owner.uid, owner.gid);
}
