import { chmod, cp, lchown, mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { askServerCommand } from '../../../commands/ask-server-command.ts';
import { writeClusterConf } from '../../../database/init-cluster.ts';
import { Fault } from '../../../fault.ts';
import { getAccounts } from '../../../host/get-accounts.ts';
import { giveTree } from '../../../host/give-tree.ts';
import { instancePaths } from '../../../instance/paths.ts';
import { clusterOptions } from '../../../steps/create-database-cluster.ts';
import type { Told } from '../../create-backup.ts';
import type { BackupManifest } from '../../manifest.ts';
import type { BackupContext } from '../../plan.ts';
import { openSession } from '../../psql-session.ts';
import { chooseBackup, readBackups, readContents } from '../../read-backups.ts';
import { restic } from '../../restic.ts';
import { makeScratch } from '../../scratch.ts';
import { note, readState } from '../../state.ts';
import { flushLog, pushLog, superuser } from '../../wal-archive.ts';
import { recoverDatabase } from '../recover-database.ts';
import { refuseNewer } from '../../refuse-newer.ts';
import { refuseOtherMajor } from '../../refuse-other-major.ts';
import { refuseSmallDisk } from '../restore-whole.ts';
import { bringCluster, stageAt, type Stage } from '../stage.ts';
import { loadTenant } from './load-tenant.ts';
import {
  readTenant,
  readTenantKeys,
  schemaOf,
  type SavedTenant,
  type TenantKey,
} from './read-tenant.ts';

export type Restorable = {
  id: string;
  name: string;
  state: 'active' | 'suspended';
  language: string;
  schemaVersion: number;
};

export type TenantRestore = {
  context: BackupContext;
  tenant: Restorable;
  id: string | undefined;
  at: Date | undefined;
  /** The name of a new tenant; without it the tenant itself is turned back. */
  as: string | undefined;
  told: Told;
};

export type TenantRestored = {
  backup: string;
  tenantId: string;
  name: string;
  tables: number;
  rows: number;
  /** Fields that were encrypted anew for a new tenant. */
  fields: number;
};

/**
 * Brings one tenant out of a backup into the running instance: into itself, or into a new one beside it.
 * The backup is recovered where nobody reaches it, the rows of this tenant alone are taken from there, and
 * all else of it is thrown away. The tenant is closed meanwhile; the others don't notice.
 */
export async function restoreTenant(restore: TenantRestore): Promise<TenantRestored> {
  const { context, tenant, as, told } = restore;
  const { layout } = context;
  const { backupDir } = instancePaths(layout);
  const stage = stageAt(await makeScratch(backupDir, 'tenant'));
  try {
    // The database's account passes through to its part.
    await chmod(stage.dir, 0o711);
    const manifest = await told('Fetch the backup', () => fetchFor(restore, stage));
    const into =
      as === undefined ? tenant : await told('Make the new tenant', () => make(restore, as));
    try {
      const rows = path.join(stage.dir, 'rows');
      const saved = await told('Recover it where nobody reaches it', () =>
        recover(restore, { stage, manifest, dir: rows, into: into.id }),
      );
      return await lay(restore, { stage, manifest, dir: rows, saved, into });
    } catch (error) {
      if (as !== undefined) await remove(restore, into);
      throw error;
    }
  } finally {
    await rm(stage.dir, { recursive: true, force: true });
  }
}

type Into = Pick<Restorable, 'id' | 'name' | 'state'>;
type Found = { stage: Stage; manifest: BackupManifest; dir: string };

async function fetchFor({ context, tenant, id, at }: TenantRestore, stage: Stage) {
  const { repositories, layout } = context;
  if (at) {
    // What was done up to now can be asked for.
    await flushLog(superuser(context), instancePaths(layout).walSpoolDir);
    await pushLog(context);
  }
  const manifest = chooseBackup(await readBackups(repositories), { id, before: at });
  refuseNewer(`The backup ${manifest.id}`, manifest);
  refuseOtherMajor(manifest);
  await refuseSmallDisk(instancePaths(layout).backupDir, manifest);
  await bringCluster(repositories, stage, { manifest, logUntil: at ? 'end' : 'point' });
  const from = `${manifest.files.snapshot}:${manifest.layout.serverDataDir}`;
  const words = ['--target', stage.serverDir, '--include', `/uploads/${schemaOf(tenant.id)}`];
  await restic(repositories, 'data', { args: ['restore', from, ...words, '--quiet'] });
  return manifest;
}

async function make({ context, tenant }: TenantRestore, name: string): Promise<Into> {
  const made = await askServerCommand<{ items: Into[] }>(context, 'tenants', {
    verb: 'create',
    tenants: [{ name, language: tenant.language }],
  });
  const [one] = made.items;
  if (one?.state === 'active') return one;
  throw new Fault(
    one ? `The tenant ${name} could not be built` : `There is a tenant ${name} already`,
    {
      next: 'Nothing was changed. Give another name with --as.',
      code: 'usage',
    },
  );
}

/** Its half-made successor goes; what it was made from is untouched. */
async function remove({ context }: TenantRestore, { id, name }: Into): Promise<void> {
  const wish = { verb: 'delete', tenant: id, confirm: name };
  await askServerCommand(context, 'tenants', wish).catch(() => undefined);
}

async function recover(
  { context, tenant, at }: TenantRestore,
  { stage, manifest, dir, into }: Found & { into: string },
): Promise<SavedTenant> {
  const { layout, settings, repositories } = context;
  const options = clusterOptions({ layout, settings, paths: instancePaths(layout) });
  await writeClusterConf({ ...options, clusterDir: stage.databaseDir });
  const owner = options.runAs;
  await mkdir(dir, { mode: 0o700 });
  await giveTree(dir, owner);
  const point = manifest.database.restorePoint;
  const toPoint = at === undefined && point !== null;
  const noted = toPoint ? (await readContents(repositories, manifest)).tables : null;
  const { databaseDir, walDir } = stage;
  const until = at ? { time: at } : point === null ? ('end' as const) : { point };
  return recoverDatabase({ layout, settings, databaseDir, walDir, until }, (access) =>
    readTenant(access, {
      ...{ tenantId: tenant.id, schemaVersion: tenant.schemaVersion, dir, noted, as: into },
    }),
  );
}

async function lay(
  restore: TenantRestore,
  found: Found & { saved: SavedTenant; into: Into },
): Promise<TenantRestored> {
  const { context, tenant, told } = restore;
  const { saved, manifest, into } = found;
  const live = await readLiveKeys(context, tenant.id);
  const { needed } = await told('See whether its keys open it', () =>
    askServerCommand<{ needed: number[] }>(context, 'tenants', {
      ...{ verb: 'match-keys', tenant: tenant.id, live, saved: saved.keys },
    }),
  );
  const keys = saved.keys.filter(({ version }) => needed.includes(version));
  const loading = {
    ...{ saved, dir: found.dir, from: tenant.id, into: into.id, backup: manifest.id },
  };
  const who = { backup: manifest.id, tenantId: into.id, name: into.name };
  if (into.id !== tenant.id) {
    const rows = await told('Lay its rows in place, and compare them', () =>
      loadTenant(superuser(context), { ...loading, keys: [] }),
    );
    const all = [...live.filter(({ state }) => state !== 'retired'), ...keys];
    const { fields } = await told('Encrypt its fields anew', () =>
      askServerCommand<{ fields: number }>(context, 'tenants', {
        ...{ verb: 'reseal', from: tenant.id, to: into.id, keys: all },
      }),
    );
    await placeUploads(context, { stage: found.stage, from: tenant.id, into: into.id });
    return { ...who, tables: saved.tables.length, rows, fields };
  }
  const rows = await whileClosed(restore, async () => {
    const laid = await told('Lay its rows in place, and compare them', () =>
      loadTenant(superuser(context), { ...loading, keys }),
    );
    await placeUploads(context, { stage: found.stage, from: tenant.id, into: tenant.id });
    return laid;
  });
  // Keys that were retired came back with their rows: all of it goes under a new one.
  if (keys.length > 0)
    await askServerCommand(context, 'keys', {
      ...{ verb: 'rotate', owners: [tenant.id], kind: 'data', wait: false },
    });
  return { ...who, tables: saved.tables.length, rows, fields: 0 };
}

/** It is opened again as it was, also when the work fails: then nothing of that stays. */
async function whileClosed<T>(
  { context, tenant }: TenantRestore,
  work: () => Promise<T>,
): Promise<T> {
  const { layout } = context;
  const before = (await readState(layout)).restoring;
  // One that was killed has left it closed.
  const opens = tenant.state === 'active' || (before?.tenant === tenant.id && before.opens);
  const at = new Date().toISOString();
  await note(layout, (state) => ({
    ...state,
    restoring: { tenant: tenant.id, name: tenant.name, at, opens },
  }));
  if (tenant.state === 'active')
    await askServerCommand(context, 'tenants', { verb: 'suspend', tenant: tenant.id });
  try {
    return await work();
  } finally {
    if (opens) await askServerCommand(context, 'tenants', { verb: 'resume', tenant: tenant.id });
    await note(layout, ({ restoring: _done, ...state }) => state);
  }
}

async function readLiveKeys(context: BackupContext, tenantId: string): Promise<TenantKey[]> {
  const session = openSession(superuser(context), 'casemate');
  return readTenantKeys(session, tenantId).finally(session.close);
}

/** Originals that were not read yet when the backup was made. */
async function placeUploads(
  { layout }: BackupContext,
  { stage, from, into }: { stage: Stage; from: string; into: string },
): Promise<void> {
  const saved = path.join(stage.serverDir, 'uploads', schemaOf(from));
  const files = await readdir(saved).catch(() => []);
  const place = path.join(instancePaths(layout).serverDataDir, 'uploads', schemaOf(into));
  const owner = getAccounts(layout)['casemate'];
  if (files.length > 0) await mkdir(place, { recursive: true, mode: 0o700 });
  for (const file of ['', ...files]) {
    if (files.length === 0) break;
    const to = path.join(place, file);
    if (file !== '') await cp(path.join(saved, file), to);
    if (owner) await lchown(to, owner.uid, owner.gid);
  }
}
