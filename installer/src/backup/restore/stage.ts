import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Fault } from '../../fault.ts';
import { plainEnv, runProgram } from '../../host/run-program.ts';
import { hashFiles } from '../hash-files.ts';
import { keyParts } from '../key-snapshot.ts';
import type { BackupContents, BackupManifest } from '../manifest.ts';
import {
  faultOf,
  listSnapshots,
  restic,
  resticCommand,
  type Repositories,
  type Snapshot,
} from '../restic.ts';

/** Where the parts of a backup are laid and examined before anything of an instance changes. */
export type Stage = {
  dir: string;
  configDir: string;
  serverDir: string;
  keysDir: string;
  databaseDir: string;
  walDir: string;
};

export function stageAt(dir: string): Stage {
  const below = (name: string) => path.join(dir, name);
  return {
    dir,
    configDir: below('config'),
    serverDir: below('server'),
    keysDir: below('keys'),
    databaseDir: below('database'),
    walDir: below('wal'),
  };
}

export type Wanted = {
  manifest: BackupManifest;
  contents: BackupContents;
  keysSnapshot: string;
  /** Of the log, what was saved until then; without it only what the backup's own point needs. */
  logUntil: 'point' | 'end';
};

/** Brings everything into the stage; restic verifies each part against its hash as it comes. */
export async function bringParts(
  repositories: Repositories,
  stage: Stage,
  wanted: Wanted,
): Promise<void> {
  const { manifest } = wanted;
  for (const dir of Object.values(stage)) await mkdir(dir, { recursive: true, mode: 0o700 });
  const { configDir, serverDataDir } = manifest.layout;
  const data = { repositories, name: 'data' } as const;
  await bring(data, `${manifest.files.snapshot}:${configDir}`, stage.configDir);
  await bring(data, `${manifest.files.snapshot}:${serverDataDir}`, stage.serverDir);
  await bring({ repositories, name: 'keys' }, wanted.keysSnapshot, stage.keysDir);
  await bringCluster(repositories, stage, wanted);
  await bringNewestLedger(repositories, stage);
}

/** The base backup unpacked, and the log that is replayed on it. */
export async function bringCluster(
  repositories: Repositories,
  stage: Pick<Stage, 'databaseDir' | 'walDir'>,
  wanted: Pick<Wanted, 'manifest' | 'logUntil'>,
): Promise<void> {
  for (const dir of [stage.databaseDir, stage.walDir])
    await mkdir(dir, { recursive: true, mode: 0o700 });
  await bringDatabase(repositories, wanted.manifest, stage.databaseDir);
  for (const id of await listLog(repositories, wanted))
    await bring({ repositories, name: 'data' }, id, stage.walDir);
}

type Source = { repositories: Repositories; name: 'data' | 'keys' };

function bring({ repositories, name }: Source, snapshot: string, to: string): Promise<string> {
  return restic(repositories, name, { args: ['restore', snapshot, '--target', to, '--quiet'] });
}

/**
 * Lays the newest ledger of deletions over that of the snapshot, which may be older: whoever was deleted
 * since would come back otherwise.
 */
export async function bringNewestLedger(repositories: Repositories, stage: Stage): Promise<void> {
  const newest = (await listSnapshots(repositories, 'keys', ['keys'])).at(-1);
  if (!newest) return;
  const dir = path.join(stage.dir, 'newest-ledger');
  const args = [
    'restore',
    newest.id,
    '--target',
    dir,
    '--include',
    `/${keyParts.ledger}`,
    '--quiet',
  ];
  await restic(repositories, 'keys', { args });
  const ledger = path.join(dir, keyParts.ledger);
  if (existsSync(ledger)) await rename(ledger, path.join(stage.keysDir, keyParts.ledger));
}

/** The segments from the base on: each push holds those that no earlier one does. */
async function listLog(
  repositories: Repositories,
  { manifest, logUntil }: Pick<Wanted, 'manifest' | 'logUntil'>,
): Promise<string[]> {
  const pushed = await listSnapshots(repositories, 'data', ['wal']);
  return pushed.filter((one) => isNeeded(one, manifest, logUntil)).map(({ id }) => id);
}

/** By the names of the segments; by the clock only where an earlier version noted none. Pure. */
export function isNeeded(
  { tags, time }: Snapshot,
  { database: { log }, startedAt, madeAt }: BackupManifest,
  until: Wanted['logUntil'],
): boolean {
  const tagged = (name: string) =>
    tags.find((tag) => tag.startsWith(`${name}=`))?.slice(name.length + 1);
  const [first, last] = [tagged('first'), tagged('last')];
  if (log && first !== undefined && last !== undefined)
    return (
      tagged('history') === log.history &&
      (last === '' || last >= log.first) &&
      (until === 'end' || first <= log.last)
    );
  const at = new Date(time);
  return at >= new Date(startedAt) && (until === 'end' || at <= new Date(madeAt));
}

async function bringDatabase(
  repositories: Repositories,
  { database }: BackupManifest,
  to: string,
): Promise<void> {
  const call = resticCommand(repositories, 'data', ['dump', database.snapshot, '/base.tar']);
  const from = spawn(call.program, call.args, { env: call.env, stdio: ['ignore', 'pipe', 'pipe'] });
  const tar = spawn('tar', ['--extract', '--directory', to, '--no-same-owner'], {
    env: plainEnv,
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  const said = { from: '', tar: '' };
  from.stderr.setEncoding('utf8').on('data', (text: string) => (said.from += text));
  tar.stderr.setEncoding('utf8').on('data', (text: string) => (said.tar += text));
  const ends = Promise.all([once(from, 'close'), once(tar, 'close')]);
  await pipeline(from.stdout, tar.stdin).catch(() => undefined);
  const [[fromCode], [tarCode]] = (await ends) as [[number | null], [number | null]];
  if (tarCode !== 0 && /no space left/i.test(said.tar)) throw full(said.tar.trim());
  if (fromCode !== 0)
    throw faultOf(
      { code: fromCode, stdout: '', stderr: said.from },
      `${repositories.target} (data)`,
    );
  if (tarCode !== 0)
    throw new Fault('The database could not be unpacked', { why: said.tar.trim().slice(-300) });
}

/** Compares what was brought with what was noted when the backup was made. */
export async function examineParts(
  stage: Stage,
  contents: BackupContents,
  verifier: string,
): Promise<number> {
  const found = new Map<string, string>();
  for (const [root, dir] of [
    ['config', stage.configDir],
    ['server', stage.serverDir],
  ] as const)
    for (const file of await hashFiles(dir)) found.set(`${root}/${file.path}`, file.sha256);
  const wrong = contents.files.filter(
    ({ root, path: file, sha256 }) => found.get(`${root}/${file}`) !== sha256,
  );
  if (wrong.length > 0)
    throw new Fault(`${wrong.length} files differ from what was noted when they were saved`, {
      why: wrong
        .slice(0, 3)
        .map(({ root, path: file }) => `${root}/${file}`)
        .join(', '),
      next: 'Nothing was changed. Restore an earlier backup: `casemate backup list`.',
      code: 'damaged',
    });
  const { code, stderr } = await runProgram(verifier, ['--quiet', stage.databaseDir]);
  if (code !== 0)
    throw new Fault('The database differs from the manifest it was saved with', {
      why: stderr.trim().split('\n').at(-1) ?? '',
      next: 'Nothing was changed. Restore an earlier backup: `casemate backup list`.',
      code: 'damaged',
    });
  const parts = await readdir(stage.keysDir);
  if (!parts.includes(keyParts.raft) || !existsSync(path.join(stage.keysDir, keyParts.credentials)))
    throw new Fault('The snapshot of the key service is not whole', {
      why: `It holds ${parts.join(', ') || 'nothing'}.`,
      next: 'Nothing was changed. Name another with --keys.',
      code: 'damaged',
    });
  return contents.files.length;
}

export function removeStage(stage: Stage): Promise<void> {
  return rm(stage.dir, { recursive: true, force: true });
}

function full(why: string): Fault {
  return new Fault('The disk is full', {
    why,
    next: 'Nothing was changed. Make room, then run the command again.',
  });
}
