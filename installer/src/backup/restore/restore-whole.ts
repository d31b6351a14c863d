import { existsSync } from 'node:fs';
import { mkdir, rename, rm, statfs } from 'node:fs/promises';
import path from 'node:path';
import { compareVersions } from '../../bundle/elf.ts';
import { casemateVersion } from '../../commands/version.ts';
import { ensureComponent } from '../../components/index.ts';
import { setRotatorPassword } from '../../database/bootstrap.ts';
import { loginAccounts } from '../../database/login-accounts.ts';
import { writeClusterConf } from '../../database/init-cluster.ts';
import { Fault } from '../../fault.ts';
import { ensureDir } from '../../host/write-file.ts';
import type { InstanceLayout } from '../../instance/layout.ts';
import { instancePaths } from '../../instance/paths.ts';
import { saveSettings } from '../../instance/settings.ts';
import { databaseAccess } from '../../steps/create-database-accounts.ts';
import { clusterOptions } from '../../steps/create-database-cluster.ts';
import { withEngine } from '../../steps/give-database-passwords.ts';
import { installSteps } from '../../steps/install-steps.ts';
import { runSteps, type InstallContext, type InstallOptions, type Step } from '../../steps/step.ts';
import { planSettings } from '../../steps/write-settings.ts';
import type { Reporter } from '../../terminal/reporter.ts';
import { connectEngine, rotateAccounts } from '../../vault/database-engine.ts';
import type { Told } from '../create-backup.ts';
import { findDifferences, hashTables } from '../hash-tables.ts';
import type { BackupContents, BackupManifest } from '../manifest.ts';
import { openSession } from '../psql-session.ts';
import { chooseBackup, readBackups, readContents } from '../read-backups.ts';
import { listSnapshots, type Repositories } from '../restic.ts';
import type { TargetFiles } from '../target.ts';
import { getIdentity, withRepositories, type Opened } from './open-repositories.ts';
import { placeFiles, placePlan, placeSealKey, readSettings } from './place-parts.ts';
import { recoverDatabase, type Recovery } from './recover-database.ts';
import {
  closeJournal,
  openJournal,
  refusePresentInstance,
  wipeHalfRestored,
} from './restore-journal.ts';
import { restoreKeyService } from './restore-key-service.ts';
import { bringParts, examineParts, removeStage, stageAt, type Stage } from './stage.ts';

export type Restore = {
  layout: InstanceLayout;
  options: InstallOptions;
  target: string;
  files: TargetFiles;
  identityFile: string;
  id: string | undefined;
  at: Date | undefined;
  reporter: Reporter;
  told: Told;
};

export type Restored = {
  manifest: BackupManifest;
  context: InstallContext;
  /** Tables whose rows were compared with those noted at the backup; null: the log went further. */
  compared: number | null;
};

/**
 * An instance from the repositories and the private key. Until every part lies in the stage and was
 * examined, nothing of an instance is made; what is made then is marked as half until the last step.
 */
export async function restoreWhole(restore: Restore): Promise<Restored> {
  const { layout, told } = restore;
  await refusePresentInstance(layout);
  const identity = await getIdentity(restore.identityFile);
  const top = layout.root ?? layout.dataDir;
  const wasThere = existsSync(top);
  const stage = stageAt(path.join(top, 'restore'));
  try {
    await rm(stage.dir, { recursive: true, force: true });
    // The database's account passes through to its part; each part is its owner's alone.
    await mkdir(stage.dir, { recursive: true, mode: 0o711 });
    const { restic, postgresql } = await bringPrograms(restore);
    const key = { restic, target: restore.target, files: restore.files };
    return await withRepositories(
      { ...key, identityFile: restore.identityFile },
      stage.dir,
      async (opened) => {
        const chosen = await told('Open the repositories', () => choose(restore, opened));
        await told('Fetch the backup', () => bringParts(opened.repositories, stage, chosen));
        await told('Examine every part', () =>
          examineParts(stage, chosen.contents, postgresql['pg_verifybackup'] ?? ''),
        );
        await wipeHalfRestored(layout);
        await openJournal(layout, chosen.manifest.id);
        const { context, compared } = await lay(restore, { ...chosen, stage, opened });
        await placePlan(layout, {
          ...{ manifest: chosen.manifest, secrets: opened.secrets, identity },
          ...{ files: restore.files, target: restore.target },
        });
        await closeJournal(layout);
        return { manifest: chosen.manifest, context, compared };
      },
    );
  } finally {
    await removeStage(stage);
    if (!wasThere && !existsSync(instancePaths(layout).instanceFile))
      await rm(top, { recursive: true, force: true });
  }
}

async function bringPrograms({ options, told }: Restore) {
  const { cacheDir, bundleDir } = options;
  const bring = async (name: 'restic' | 'postgresql') =>
    (
      await ensureComponent(name, {
        cacheDir,
        ...(bundleDir ? { bundleDir } : {}),
        report: () => undefined,
      })
    ).executables;
  return told('Bring restic and PostgreSQL', async () => ({
    restic: (await bring('restic'))['restic'] ?? '',
    postgresql: await bring('postgresql'),
  }));
}

type Chosen = {
  manifest: BackupManifest;
  contents: BackupContents;
  keysSnapshot: string;
  logUntil: 'point' | 'end';
  until: Recovery['until'];
};

async function choose(restore: Restore, { repositories, secrets }: Opened): Promise<Chosen> {
  const { id, at } = restore;
  const manifest = chooseBackup(await readBackups(repositories), { id, before: at });
  refuseNewer(manifest);
  if (secrets.sealKeys[manifest.keys.sealKey] === undefined)
    throw new Fault('The seal key of this backup is not in escrow', {
      why: 'Nobody opens its key service without it.',
      next: 'Nothing was changed. Restore a backup that `casemate backup list` calls complete.',
      code: 'damaged',
    });
  await refuseSmallDisk(restore.layout, manifest);
  const contents = await readContents(repositories, manifest);
  const keysSnapshot = await chooseKeys(repositories, manifest, { id, at });
  const point = manifest.database.restorePoint;
  if (id !== undefined && at === undefined && point !== null)
    return { manifest, contents, keysSnapshot, logUntil: 'point', until: { point } };
  const until = at === undefined ? ('end' as const) : { time: at };
  return { manifest, contents, keysSnapshot, logUntil: 'end', until };
}

/**
 * For the last state the newest; for an earlier one the first that was made after it, which has every
 * key that was there then. Tenants that were deleted since are deleted again by the ledger.
 */
async function chooseKeys(
  repositories: Repositories,
  manifest: BackupManifest,
  wish: { id: string | undefined; at: Date | undefined },
): Promise<string> {
  const all = (await listSnapshots(repositories, 'keys', ['keys'])).filter(({ tags }) =>
    tags.includes(`seal=${manifest.keys.sealKey}`),
  );
  const from = wish.at ?? (wish.id === undefined ? undefined : new Date(manifest.startedAt));
  const after = from && all.find(({ time }) => new Date(time) >= from);
  const found = after ?? all.at(-1);
  if (found) return found.id;
  throw new Fault('There is no snapshot of the key service for this backup', {
    why: 'It is older than the time that snapshots are kept.',
    next: 'Nothing was changed. Restore a later backup: `casemate backup list`.',
    code: 'damaged',
  });
}

function refuseNewer({ id, version }: BackupManifest): void {
  if (compareVersions(version, casemateVersion()) <= 0) return;
  throw new Fault(`The backup ${id} comes from a newer version`, {
    why: `It was made by ${version}; this is ${casemateVersion()}, which does not know its data.`,
    next: `Nothing was changed. Restore it with the installer of ${version}.`,
    code: 'path',
  });
}

async function refuseSmallDisk(
  layout: InstanceLayout,
  { database, files }: BackupManifest,
): Promise<void> {
  const { bavail, bsize } = await statfs(layout.root ?? layout.dataDir);
  const [free, needed] = [
    bavail * bsize,
    Math.ceil((database.bytes + files.bytes) * 1.5) + 512 * 1024 ** 2,
  ];
  if (free >= needed) return;
  const mebibytes = (bytes: number) => `${Math.ceil(bytes / 1024 ** 2)} MiB`;
  throw new Fault('There is not enough room on the disk', {
    why: `It needs ${mebibytes(needed)}; ${mebibytes(free)} are free.`,
    next: 'Nothing was changed. Make room, then run the command again.',
  });
}

type Laying = Chosen & { stage: Stage; opened: Opened };

/** From here on the host changes. */
async function lay(restore: Restore, laying: Laying) {
  const { layout, options, reporter } = restore;
  await saveSettings(layout, await readSettings(laying.stage));
  const context: InstallContext = {
    save: (settings) => saveSettings(layout, settings),
    layout,
    paths: instancePaths(layout),
    options,
    settings: await planSettings(layout, options),
    components: {},
    progress: () => undefined,
  };
  const result = { compared: null as number | null };
  await runSteps(restoreSteps(laying, result), context, reporter);
  return { context, compared: result.compared };
}

/** The steps of an installation; where one would make something new, what was saved is put instead. */
function restoreSteps(laying: Laying, result: { compared: number | null }): Step[] {
  const own: Record<string, Step> = {
    'write-seal-key': step(
      'put-files',
      'Put files, settings and seal key back',
      async (context) => {
        await placeFiles(context.layout, laying.stage, laying.manifest);
        await placeSealKey(context.layout, laying.manifest, laying.opened.secrets);
      },
    ),
    'create-database-cluster': step('recover-database', 'Recover the database', async (context) => {
      result.compared = await recover(context, laying);
    }),
    'initialise-key-service': step('put-keys', 'Put the key service back', (context) =>
      restoreKeyService(context, laying.stage.keysDir),
    ),
  };
  const renew = step('renew-passwords', 'Renew the database passwords', renewPasswords);
  return installSteps().flatMap((one) => {
    const put = own[one.id] ?? one;
    return one.id === 'ensure-key-service' ? [put, renew] : [put];
  });
}

function step(id: string, title: string, apply: (context: InstallContext) => Promise<void>): Step {
  return { id, title, isDone: () => false, apply };
}

async function recover(context: InstallContext, laying: Laying): Promise<number | null> {
  const { stage, until, contents } = laying;
  const { layout, settings, paths } = context;
  const runAs = clusterOptions(context).runAs;
  await writeClusterConf({ ...clusterOptions(context), clusterDir: stage.databaseDir });
  const { databaseDir, walDir } = stage;
  const compared = await recoverDatabase(
    { layout, settings, databaseDir, walDir, until },
    async (access) => {
      if (until === 'end' || !('point' in until)) return null;
      const session = openSession(access, 'casemate');
      const found = await hashTables(session.run).finally(session.close);
      const wrong = findDifferences(contents.tables, found);
      if (wrong.length === 0) return found.length;
      throw new Fault(`${wrong.length} tables differ from what was noted at the backup`, {
        why: wrong.slice(0, 5).join(', '),
        next: 'Restore an earlier backup: `casemate backup list`.',
        code: 'damaged',
      });
    },
  );
  await ensureDir(path.dirname(paths.databaseDir), { mode: 0o700, owner: runAs });
  await rename(databaseDir, paths.databaseDir);
  return compared;
}

/** The restored key service may know other passwords than the restored database: all are drawn anew. */
async function renewPasswords(context: InstallContext): Promise<void> {
  const password = crypto.randomUUID() + crypto.randomUUID();
  await setRotatorPassword(databaseAccess(context), password);
  await withEngine(context, async (engine) => {
    await connectEngine(engine, password);
    await rotateAccounts(engine, loginAccounts);
  });
}
