import { createWriteStream } from 'node:fs';
import { cp, mkdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { casemateVersion } from '../commands/version.ts';
import { runSql } from '../database/run-sql.ts';
import { Fault } from '../fault.ts';
import { instancePaths } from '../instance/paths.ts';
import { logIn, logOut, readCredential } from '../vault/log-in.ts';
import { readRaftSnapshot } from '../vault/read-raft-snapshot.ts';
import type { BackupContext } from './plan.ts';
import { save, type Saved } from './restic.ts';
import { makeScratch } from './scratch.ts';
import { noteDone } from './state.ts';
import { superuser } from './wal-archive.ts';

/** The parts of a snapshot of the key service, by their paths in it. */
export const keyParts = {
  raft: 'raft.snap',
  credentials: 'credentials',
  roles: 'roles',
  ledger: 'ledger.jsonl',
} as const;

/**
 * The key service's own snapshot with the credentials that fit it, and the ledger of deletions as it was
 * right after: never behind the mark in the snapshot. Its seal key is not in it.
 */
export async function saveKeys(context: BackupContext, sealKey: string): Promise<Saved> {
  const { layout, repositories } = context;
  const paths = instancePaths(layout);
  // Before the snapshot: what changes meanwhile makes another one due.
  const at = new Date().toISOString();
  const seen = await readKeysSeen(context);
  await mkdir(layout.runDir, { recursive: true });
  const dir = await makeScratch(layout.runDir, 'keys');
  try {
    await takeSnapshot(paths, path.join(dir, keyParts.raft));
    await cp(path.dirname(paths.credentialFile('operator')), path.join(dir, keyParts.credentials), {
      recursive: true,
    });
    await cp(path.dirname(paths.roleIdFile('server')), path.join(dir, keyParts.roles), {
      recursive: true,
    });
    await cp(paths.deletionLedger, path.join(dir, keyParts.ledger)).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    });
    const tags = ['keys', `seal=${sealKey}`, `version=${casemateVersion()}`];
    const saved = await save(repositories, 'keys', { tags, args: ['.'], cwd: dir });
    await noteDone(layout, 'keys', { at, seen });
    return saved;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/**
 * Stands for the keys that there are: it counts every change of what has to do with keys, and starts anew
 * when the database does.
 */
export function readKeysSeen(context: Pick<BackupContext, 'layout' | 'settings'>): Promise<string> {
  return runSql(superuser(context), 'casemate', keysSeen);
}

const keysSeen = `select coalesce(string_agg(relname || ':' ||
    (n_tup_ins + n_tup_upd + n_tup_del), ',' order by relname), '')
  from pg_stat_user_tables where schemaname = 'control'
    and relname in ('tenants', 'data_keys', 'key_rotations', 'deletion_ledger', 'rotations');`;

async function takeSnapshot(
  { vaultSocket, credentialFile }: ReturnType<typeof instancePaths>,
  to: string,
): Promise<void> {
  const token = await logIn(vaultSocket, await readCredential(credentialFile('operator')));
  try {
    const file = createWriteStream(to, { mode: 0o600 });
    await readRaftSnapshot({ socketPath: vaultSocket, token }, file);
  } finally {
    await logOut(vaultSocket, token);
  }
  if ((await stat(to)).size === 0) throw new Fault('The key service gave an empty snapshot');
}
