import { createWriteStream } from 'node:fs';
import { chmod, chown, cp, mkdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { getAccounts } from '../host/get-accounts.ts';
import { runProgram, plainEnv } from '../host/run-program.ts';
import { ensureDir } from '../host/write-file.ts';
import { Fault } from '../fault.ts';
import type { InstanceLayout } from '../instance/layout.ts';
import { instancePaths } from '../instance/paths.ts';
import type { InstanceSettings } from '../instance/settings.ts';
import { executable } from '../supervisor/process-specs.ts';
import { logIn, logOut, readCredential } from '../vault/log-in.ts';
import { readRaftSnapshot } from '../vault/read-raft-snapshot.ts';

export type Copied = { layout: InstanceLayout; settings: InstanceSettings };

/** What an upgrade asks of whoever makes the copy that it can go back to. */
export type SafetyCopy = {
  /** Copies database, key service and settings while they run; replaces a half-made one. */
  make: (instance: Copied, dir: string) => Promise<void>;
  /** The copied cluster, verified: a data directory that PostgreSQL of the old version can start. */
  databaseDir: (dir: string) => string;
  remove: (dir: string) => Promise<void>;
};

/** A base backup with its own log, the key service's snapshot, and the settings without the seal key. */
export const safetyCopy: SafetyCopy = {
  make: async (instance, dir) => {
    await rm(dir, { recursive: true, force: true });
    await makeDirs(instance.layout, dir);
    await copyDatabase(instance, databaseDir(dir));
    await copyKeyService(instance, path.join(dir, 'key-service.snap'));
    await cp(instance.layout.configDir, path.join(dir, 'settings'), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (from) => from !== instance.layout.sealDir && !from.endsWith('.install-lock'),
    });
  },
  databaseDir,
  remove: (dir) => rm(dir, { recursive: true, force: true }),
};

function databaseDir(dir: string): string {
  return path.join(dir, 'database');
}

async function makeDirs(layout: InstanceLayout, dir: string): Promise<void> {
  const accounts = getAccounts(layout);
  const group = accounts['casemate']?.gid;
  for (const made of [path.dirname(dir), dir]) {
    await mkdir(made, { recursive: true });
    if (group !== undefined) await chown(made, 0, group);
    await chmod(made, layout.asRoot ? 0o710 : 0o700);
  }
  await ensureDir(databaseDir(dir), { mode: 0o700, owner: accounts['casemate-db'] });
}

async function copyDatabase({ layout, settings }: Copied, to: string): Promise<void> {
  const { databaseSocketDir } = instancePaths(layout);
  const runAs = getAccounts(layout)['casemate-db'];
  const env = {
    ...plainEnv,
    PGHOST: databaseSocketDir,
    PGPORT: String(settings.databasePort),
    PGUSER: 'postgres',
  };
  // A thousand tenants are some 70,000 files: one flush of the file system instead of one for each.
  const args = ['-D', to, '--checkpoint=fast', '--wal-method=stream', '--no-sync'];
  await runOrFail('pg_basebackup', {
    file: executable(settings, 'postgresql', 'pg_basebackup'),
    args,
    env,
    runAs,
  });
  const verify = executable(settings, 'postgresql', 'pg_verifybackup');
  await runOrFail('pg_verifybackup', { file: verify, args: ['--quiet', to], env: plainEnv, runAs });
  await runOrFail('sync', { file: 'sync', args: ['-f', to], env: plainEnv, runAs: undefined });
}

type Program = {
  file: string;
  args: string[];
  env: Record<string, string>;
  runAs: { uid: number; gid: number } | undefined;
};

async function runOrFail(name: string, { file, args, env, runAs }: Program): Promise<void> {
  const { code, stderr } = await runProgram(file, args, { env, runAs });
  if (code === 0) return;
  throw new Fault('The database could not be copied before the upgrade', {
    why: `${name}: ${stderr.trim().split('\n').at(-1) ?? 'no word'}`,
    next: 'Mend what it says, then run the command again. Nothing that runs was changed.',
  });
}

/** Encrypted by the key service itself: without its seal key nobody reads it. */
async function copyKeyService({ layout }: Copied, to: string): Promise<void> {
  const { vaultSocket, credentialFile } = instancePaths(layout);
  const token = await logIn(vaultSocket, await readCredential(credentialFile('operator')));
  try {
    await readRaftSnapshot(
      { socketPath: vaultSocket, token },
      createWriteStream(to, { mode: 0o600 }),
    );
  } finally {
    await logOut(vaultSocket, token);
  }
  if ((await stat(to)).size === 0) throw new Fault('The key service gave an empty snapshot');
}
