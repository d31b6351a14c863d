import { existsSync } from 'node:fs';
import { mkdir, rm, statfs } from 'node:fs/promises';
import path from 'node:path';
import { ensureComponent } from '../../components/index.ts';
import { Fault } from '../../fault.ts';
import type { InstanceLayout } from '../../instance/layout.ts';
import { instancePaths } from '../../instance/paths.ts';
import { saveSettings } from '../../instance/settings.ts';
import { runSteps, type InstallContext, type InstallOptions } from '../../steps/step.ts';
import { planSettings } from '../../steps/write-settings.ts';
import type { Reporter } from '../../terminal/reporter.ts';
import type { Told } from '../create-backup.ts';
import type { BackupManifest } from '../manifest.ts';
import { refuseNewer } from '../refuse-newer.ts';
import { refuseOtherMajor } from '../refuse-other-major.ts';
import { chooseBackup, readBackups, readContents } from '../read-backups.ts';
import { listSnapshots, type Repositories } from '../restic.ts';
import type { TargetFiles } from '../target.ts';
import { getIdentity, withRepositories, type Opened } from './open-repositories.ts';
import { placePlan, readSettings } from './place-parts.ts';
import {
  closeJournal,
  openJournal,
  refusePresentInstance,
  wipeHalfRestored,
} from './restore-journal.ts';
import { restoreSteps, type Choice, type Laying } from './restore-steps.ts';
import { bringParts, examineParts, removeStage, stageAt } from './stage.ts';

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

type Chosen = Choice & { keysSnapshot: string; logUntil: 'point' | 'end' };

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
        const { context, compared } = await lay(restore, {
          ...chosen,
          stage,
          secrets: opened.secrets,
        });
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

async function choose(restore: Restore, { repositories, secrets }: Opened): Promise<Chosen> {
  const { id, at } = restore;
  const manifest = chooseBackup(await readBackups(repositories), { id, before: at });
  refuseNewer(`The backup ${manifest.id}`, manifest);
  refuseOtherMajor(manifest);
  if (secrets.sealKeys[manifest.keys.sealKey] === undefined)
    throw new Fault('The seal key of this backup is not in escrow', {
      why: 'Nobody opens its key service without it.',
      next: 'Nothing was changed. Restore a backup that `casemate backup list` calls complete.',
      code: 'damaged',
    });
  await refuseSmallDisk(restore.layout.root ?? restore.layout.dataDir, manifest);
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

export async function refuseSmallDisk(
  dir: string,
  { database, files }: BackupManifest,
): Promise<void> {
  const { bavail, bsize } = await statfs(dir);
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
