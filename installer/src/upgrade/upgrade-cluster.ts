import { chown, chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { bootstrapDatabase } from '../database/bootstrap.ts';
import { runSql } from '../database/run-sql.ts';
import { initCluster } from '../database/init-cluster.ts';
import { Fault } from '../fault.ts';
import { endProcessesWith } from '../host/end-processes.ts';
import { getAccounts } from '../host/get-accounts.ts';
import { plainEnv, runProgram, type ProgramResult } from '../host/run-program.ts';
import type { InstanceLayout } from '../instance/layout.ts';
import { instancePaths } from '../instance/paths.ts';
import type { InstanceSettings } from '../instance/settings.ts';
import { clusterOptions } from '../steps/create-database-cluster.ts';
import { executable } from '../supervisor/process-specs.ts';
import { copyTree, withScratchDatabase } from './scratch-database.ts';

export type ClusterUpgrade = {
  layout: InstanceLayout;
  /** Name the programs of both versions. */
  from: InstanceSettings;
  to: InstanceSettings;
  /** Of a server that has stopped; it stays as it is. */
  oldDir: string;
  newDir: string;
};

/**
 * Makes a data directory of the new major version from one of the old, with pg_upgrade. It works on a copy,
 * whose files it links into the new one. What an earlier, killed run left is removed first.
 */
export async function upgradeCluster(upgrade: ClusterUpgrade): Promise<void> {
  const { layout, from, to, oldDir, newDir } = upgrade;
  const copy = `${newDir}.copy`;
  const options = clusterOptions({ layout, paths: instancePaths(layout), settings: to });
  await clear(newDir);
  await copyTree(oldDir, copy);
  await layBare({ layout, settings: from, clusterDir: copy });
  const initdb = executable(to, 'postgresql', 'initdb');
  await initCluster({ ...options, initdb, clusterDir: newDir });
  await runPgUpgrade({ ...upgrade, oldDir: copy });
  await bringOwnSettings(upgrade);
  await rm(copy, { recursive: true, force: true });
  // Marks and grants on PostgreSQL's own functions are not taken along.
  const bootstrap = path.join(to.server?.dir ?? '', 'server', 'migrations', 'bootstrap.sql');
  await withScratchDatabase({ layout, settings: to, clusterDir: newDir, inPlace: true }, (access) =>
    bootstrapDatabase(access, bootstrap),
  );
}

/** Ends and removes what a run that was killed left of a cluster in the making. */
export async function clear(newDir: string): Promise<void> {
  for (const dir of [newDir, `${newDir}.copy`]) {
    await endProcessesWith(dir);
    await rm(dir, { recursive: true, force: true });
  }
}

/**
 * Takes the rights on PostgreSQL's own functions and views back to what they were at first: the new version
 * has some of them in another form, and pg_upgrade ends where one is missing. Also recovers the copy of a
 * server that did not stop cleanly.
 */
async function layBare(copy: Parameters<typeof withScratchDatabase>[0]): Promise<void> {
  await withScratchDatabase({ ...copy, inPlace: true }, async (access) => {
    for (const database of ['postgres', 'casemate']) await runSql(access, database, firstRights);
  });
}

const firstRights = `set allow_system_table_mods = on;
  with first as (select objoid, initprivs from pg_init_privs
    where classoid = 'pg_proc'::regclass and objsubid = 0)
  update pg_proc set proacl = (select initprivs from first where objoid = oid)
  where pronamespace = 'pg_catalog'::regnamespace
    and proacl is distinct from (select initprivs from first where objoid = oid);
  with first as (select objoid, initprivs from pg_init_privs
    where classoid = 'pg_class'::regclass and objsubid = 0)
  update pg_class set relacl = (select initprivs from first where objoid = oid)
  where relnamespace = 'pg_catalog'::regnamespace
    and relacl is distinct from (select initprivs from first where objoid = oid);
  with first as (select objoid, objsubid, initprivs from pg_init_privs
    where classoid = 'pg_class'::regclass and objsubid > 0)
  update pg_attribute set attacl =
    (select initprivs from first where objoid = attrelid and objsubid = attnum)
  where attacl is not null
    and attrelid in (select oid from pg_class where relnamespace = 'pg_catalog'::regnamespace);`;

async function runPgUpgrade({ layout, from, to, oldDir, newDir }: ClusterUpgrade) {
  const runAs = getAccounts(layout)['casemate-db'];
  const binDir = (settings: InstanceSettings) =>
    path.dirname(executable(settings, 'postgresql', 'pg_ctl'));
  // Short: the path of a socket may have 107 bytes. Its scripts for later steps are written there too.
  await mkdir(layout.runDir, { recursive: true });
  const work = await mkdtemp(path.join(layout.runDir, 'major-'));
  if (runAs) await chown(work, runAs.uid, runAs.gid);
  await chmod(work, 0o700);
  // What happens here is no part of the history that the backups keep.
  const apart = '-c archive_mode=off -c unix_socket_group=';
  const words = [
    ...['-b', binDir(from), '-B', binDir(to), '-d', oldDir, '-D', newDir],
    ...['-U', 'postgres', '-s', work, '-o', apart, '-O', apart, '--jobs', '2'],
    '--link',
  ];
  try {
    const program = executable(to, 'postgresql', 'pg_upgrade');
    const result = await runProgram(program, words, { env: plainEnv, runAs, cwd: work });
    if (result.code === 0) return;
    throw new Fault('PostgreSQL could not take the data over to its new version', {
      why: await whyNot(result, newDir),
      next: 'The data of the version before is as it was. Send what it says to whoever released this version.',
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Its last words, and what its reports name: they lie in files. */
async function whyNot({ stdout, stderr }: ProgramResult, newDir: string): Promise<string> {
  const words = `${stdout}\n${stderr}`.split('\n').map((line) => line.trim());
  const reports = path.join(newDir, 'pg_upgrade_output.d');
  const files = await readdir(reports, { recursive: true }).catch(() => []);
  const named = await Promise.all(
    files
      .filter((file) => file.endsWith('.txt'))
      .map((file) => readFile(path.join(reports, file), 'utf8')),
  );
  return [...words.filter(Boolean).slice(-4), ...named].join(' ').slice(0, 1500);
}

/** ALTER SYSTEM: where the log is archived, and what the operator set. */
async function bringOwnSettings({ layout, oldDir, newDir }: ClusterUpgrade): Promise<void> {
  const name = 'postgresql.auto.conf';
  const runAs = getAccounts(layout)['casemate-db'];
  await copyFile(path.join(oldDir, name), path.join(newDir, name));
  if (runAs) await chown(path.join(newDir, name), runAs.uid, runAs.gid);
  await chmod(path.join(newDir, name), 0o600);
}
