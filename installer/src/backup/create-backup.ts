import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { casemateVersion } from '../commands/version.ts';
import { runSql } from '../database/run-sql.ts';
import { getAccounts } from '../host/get-accounts.ts';
import { instancePaths } from '../instance/paths.ts';
import { saveBase } from './base-backup.ts';
import { keepEscrow } from './escrow.ts';
import { hashFiles } from './hash-files.ts';
import { saveKeys } from './key-snapshot.ts';
import { backupId, type BackupContents, type BackupManifest } from './manifest.ts';
import { backupFiles, readHistory, type BackupContext } from './plan.ts';
import { findQuietPoint } from './quiet-point.ts';
import { ensureRepository, save, tryRestic, type Saved } from './restic.ts';
import { note, noteDone } from './state.ts';
import { archiveLog, flushLog, pushLog, superuser } from './wal-archive.ts';

export type Told = <T>(title: string, work: () => Promise<T>) => Promise<T>;

/**
 * One backup, while everything runs. Its manifest is written last: without it the parts of a killed run
 * count for nothing, and the next one forgets them.
 */
export async function createBackup(context: BackupContext, told: Told): Promise<BackupManifest> {
  const { layout, settings, repositories } = context;
  const paths = instancePaths(layout);
  const access = superuser(context);
  const startedAt = new Date();
  const id = backupId(startedAt, randomBytes(2).toString('hex'));
  const tags = (kind: string) => [kind, `backup=${id}`];
  const escrow = await told('Open the repositories', async () => {
    for (const name of ['data', 'keys'] as const) {
      await ensureRepository(repositories, name);
      await tryRestic(repositories, name, { args: ['unlock'] });
    }
    return keepEscrow(context);
  });
  await archiveLog(access, context.plan.logMinutes);
  const base = await told('Save the database', () => saveBase(context, tags('base')));
  const point = await told('Note the hashes of all rows', () =>
    findQuietPoint(access, `casemate-${id}`),
  );
  const log = await told('Save the log of the database', async () => {
    const last = await flushLog(access, paths.walSpoolDir);
    await pushLog(context);
    return { history: await readHistory(layout), first: base.firstLog, last };
  });
  const files = await told('Save files and settings', () => saveFiles(context, tags('files')));
  const keys = await told('Save the key service', () => saveKeys(context, escrow.sealKey));
  const contents: BackupContents = { tables: point?.tables ?? [], files: files.hashes };
  const noted = await save(repositories, 'data', {
    tags: tags('contents'),
    args: ['--stdin', '--stdin-filename', 'contents.json'],
    input: JSON.stringify(contents),
  });
  const missing = [
    ...(escrow.escrowed ? [] : ['the seal key in escrow: casemate backup key --out FILE']),
    ...(point ? [] : ['hashes of the rows: the database was never quiet for a moment']),
  ];
  const manifest: BackupManifest = {
    format: 1,
    id,
    instance: layout.instance,
    version: casemateVersion(),
    startedAt: startedAt.toISOString(),
    madeAt: new Date().toISOString(),
    complete: missing.length === 0,
    missing,
    database: {
      snapshot: base.snapshot,
      bytes: base.bytes,
      version: settings.components['postgresql']?.version ?? '',
      restorePoint: point?.name ?? null,
      log,
    },
    files: { snapshot: files.saved.snapshot, bytes: files.saved.bytes, count: files.hashes.length },
    keys: { snapshot: keys.snapshot, sealKey: escrow.sealKey },
    contents: { snapshot: noted.snapshot },
    tenants: Number(await runSql(access, 'casemate', 'select count(*) from control.tenants;')),
    layout: { configDir: layout.configDir, serverDataDir: paths.serverDataDir },
    plan: context.plan,
    accounts: Object.fromEntries(
      Object.values(getAccounts(layout)).map(({ name, uid, gid }) => [name, { uid, gid }]),
    ),
  };
  await finish(context, manifest, tags('manifest'));
  return manifest;
}

async function finish(
  { layout, repositories }: BackupContext,
  manifest: BackupManifest,
  tags: readonly string[],
): Promise<void> {
  await save(repositories, 'data', {
    tags,
    args: ['--stdin', '--stdin-filename', 'manifest.json'],
    input: JSON.stringify(manifest, null, 2),
  });
  const { id, madeAt: at, complete } = manifest;
  await noteDone(layout, 'backup', { id, at, complete });
  await note(layout, ({ gap: _mended, ...state }) => state);
}

/** Settings without what opens the key service, and the files of tenants, which are ciphertext there. */
async function saveFiles(
  { layout, repositories }: BackupContext,
  tags: readonly string[],
): Promise<{ saved: Saved; hashes: BackupContents['files'] }> {
  const paths = instancePaths(layout);
  const excluded = [
    layout.sealDir,
    path.dirname(paths.credentialFile('operator')),
    path.dirname(backupFiles(layout).planFile),
    path.join(layout.configDir, '.install-lock'),
  ];
  const skip = (file: string) => excluded.some((dir) => file === dir || file.startsWith(`${dir}/`));
  const hashed = [
    ...(await hashFiles(layout.configDir, skip)).map((file) => ({
      root: 'config' as const,
      ...file,
    })),
    ...(await hashFiles(paths.serverDataDir)).map((file) => ({ root: 'server' as const, ...file })),
  ];
  const args = [
    ...excluded.flatMap((dir) => ['--exclude', dir]),
    ...['--', layout.configDir, paths.serverDataDir],
  ];
  const saved = await save(repositories, 'data', { tags, args });
  return {
    saved,
    hashes: hashed.map(({ root, path: file, sha256 }) => ({ root, path: file, sha256 })),
  };
}
