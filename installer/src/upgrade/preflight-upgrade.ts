import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import path from 'node:path';
import { refuseMissingLibraries } from '../bundle/check-libraries.ts';
import type { Manifest } from '../bundle/manifest.ts';
import { refuseOldLibc, refuseWrongClock } from '../bundle/verify-for-install.ts';
import { refuseWrongPath } from '../bundle/version-path.ts';
import { findLocked } from '../components/find-locked.ts';
import { runSql } from '../database/run-sql.ts';
import { Fault } from '../fault.ts';
import { getAccounts } from '../host/get-accounts.ts';
import type { InstanceLayout } from '../instance/layout.ts';
import { instancePaths } from '../instance/paths.ts';
import type { InstanceSettings } from '../instance/settings.ts';
import { realHost } from '../preflight/real-host.ts';
import { executable } from '../supervisor/process-specs.ts';
import { versionIn } from './describe-plan.ts';
import { listFaultsBefore } from './list-faults-before.ts';
import { majorStep, postgresqlOf, type MajorStep } from './major-step.ts';
import { findPendingMigrations, type PendingMigrations } from './pending-migrations.ts';

export type UpgradeRequest = {
  layout: InstanceLayout;
  settings: InstanceSettings;
  manifest: Manifest;
  bundleDir: string;
};

/** Looks at all that an upgrade needs, and changes nothing. Throws a Fault for what does not fit. */
export async function preflightUpgrade(request: UpgradeRequest): Promise<PendingMigrations> {
  const { layout, settings, manifest, bundleDir } = request;
  refuseWrongVersion(settings, manifest);
  const host = realHost();
  refuseWrongClock(manifest, host.now());
  refuseOldLibc(manifest, host.glibc);
  await refuseMissingLibraries(manifest, host);
  const major = majorStep(postgresqlOf(settings), versionIn(manifest, 'postgresql'));
  if (major) refuseUnfitMajor(settings, major);
  await refuseMissingComponents(request);
  const faults = await listFaultsBefore(layout);
  if (faults.length > 0)
    throw unfit(
      'The instance is not whole, and an upgrade starts from one that is',
      faults.join('; '),
    );
  const access = {
    psql: executable(settings, 'postgresql', 'psql'),
    socketDir: instancePaths(layout).databaseSocketDir,
    port: settings.databasePort,
    runAs: getAccounts(layout)['casemate-db'],
  };
  const bytes = Number(
    await runSql(access, 'postgres', 'select sum(pg_database_size(oid)) from pg_database;'),
  );
  // The copy, the one that is tried on, and their log; the data directory of another major version.
  const room = (major ? 3.4 : 2.2) * bytes + (major ? 300e6 : 200e6);
  await refuseFullDisk(layout.dataDir, room, 'the copies of the database');
  await refuseFullDisk(layout.programsDir, 1.2 * manifest.requires.unpackedBytes, 'the programs');
  return findPendingMigrations(access, path.join(bundleDir, 'server', 'server', 'migrations'));
}

export function refuseWrongVersion(settings: InstanceSettings, manifest: Manifest): void {
  const { release, server } = settings;
  refuseWrongPath(manifest, {
    version: server?.version ?? '0',
    released: release?.released ?? null,
  });
}

/** pg_upgrade goes forward only, and needs the programs of both versions. */
function refuseUnfitMajor(settings: InstanceSettings, { from, to }: MajorStep): void {
  if (to < from)
    throw unfit(
      `The bundle brings PostgreSQL ${to}, and the data is of ${from}`,
      'A data directory is taken over to later major versions only.',
    );
  const needed = ['postgres', 'pg_ctl', 'pg_controldata', 'pg_resetwal'];
  const files = needed.map((name) => executable(settings, 'postgresql', name));
  const gone = files.filter((file) => !existsSync(file));
  if (gone.length > 0)
    throw unfit(
      `The data of PostgreSQL ${from} can't be taken over without its programs`,
      `${gone.join(', ')} can't be found.`,
    );
}

/** A differential bundle builds on components that are here. */
async function refuseMissingComponents({ settings, manifest, bundleDir }: UpgradeRequest) {
  if (manifest.base === null) return;
  for (const { name, sha256, file } of manifest.components) {
    if (!manifest.omitted.some((omitted) => omitted.path === file)) continue;
    const lock = path.join(bundleDir, 'installer', 'src', 'components', 'components.lock.json');
    if (existsSync(lock) && (await findLocked(name, sha256, settings.cacheDir))) continue;
    throw new Fault(
      `This bundle leaves out ${name}, which is not here as ${manifest.base.version} had it`,
      {
        why: `${settings.cacheDir} has no component with the checksum ${sha256.slice(0, 16)}….`,
        next: 'Upgrade with the whole bundle. Nothing was changed.',
        code: 'source',
      },
    );
  }
}

export async function refuseFullDisk(dir: string, needed: number, what: string): Promise<void> {
  const place = existsSync(dir) ? dir : path.dirname(dir);
  const { bavail, bsize } = await statfs(place);
  if (bavail * bsize >= needed) return;
  throw unfit(
    `There is not enough space at ${dir}`,
    `${megabytes(bavail * bsize)} are free, ${megabytes(needed)} are needed for ${what}.`,
  );
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6)} MB`;
}

function unfit(what: string, why: string): Fault {
  return new Fault(what, {
    why,
    next: 'Mend it (see `casemate doctor`), then run the command again. Nothing was changed.',
    code: 'preflight',
  });
}
