import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkoutDir } from '../src/bundle/testing/make-release.ts';
import { ensureComponent, defaultCacheDir } from '../src/components/index.ts';
import { bootstrapDatabase } from '../src/database/bootstrap.ts';
import { initCluster } from '../src/database/init-cluster.ts';
import { runSql } from '../src/database/run-sql.ts';
import { getAccounts } from '../src/host/get-accounts.ts';
import { ensureDir } from '../src/host/write-file.ts';
import { layoutFor } from '../src/instance/layout.ts';
import { instancePaths } from '../src/instance/paths.ts';
import type { InstanceSettings } from '../src/instance/settings.ts';
import { createAccounts } from '../src/steps/create-accounts.ts';
import { clusterOptions } from '../src/steps/create-database-cluster.ts';
import type { InstallContext } from '../src/steps/step.ts';
import { rehearseMajor } from '../src/upgrade/rehearse-major.ts';
import { restoreDatabase } from '../src/upgrade/restore-database.ts';
import { copyTree, withScratchDatabase } from '../src/upgrade/scratch-database.ts';
import {
  endTakeOver,
  takeOverDatabase,
  takeOverPlaces,
} from '../src/upgrade/take-over-database.ts';
import type { Upgrade } from '../src/upgrade/told.ts';
import { bringEarlierPostgresql, earlierPostgresql } from './earlier-postgresql.ts';

// The accounts of the services are those of an installation by root.
const journey = process.getuid?.() === 0 ? describe : describe.skip;
const dir = mkdtempSync(path.join(tmpdir(), 'cmtake-'));
chmodSync(dir, 0o711);
const place = {
  instance: 'take',
  dataDir: path.join(dir, 'home'),
  sealDir: path.join(dir, 'seal'),
};
const layout = layoutFor({ ...place, asRoot: true, env: {} });
const { databaseDir } = instancePaths(layout);
const bin = 'embedded_postgres/pginstall/bin';
const bootstrap = path.join(checkoutDir, 'server/migrations/bootstrap.sql');
let from: InstanceSettings;
let to: InstanceSettings;
let upgrade: Upgrade;

/** Where every account can run them. */
function settingsOf(version: string, tree: string): InstanceSettings {
  const copy = path.join(dir, version);
  cpSync(tree, copy, { recursive: true, verbatimSymlinks: true });
  const names = readdirSync(path.join(copy, bin));
  const executables = Object.fromEntries(names.map((name) => [name, path.join(copy, bin, name)]));
  const server = { version: '0.1.0', checksum: 'x', dir: path.join(dir, 'server') };
  const postgresql = { version, dir: copy, sha256: version, executables };
  return { databasePort: 5432, server, components: { postgresql } } as unknown as InstanceSettings;
}

const ask = (settings: InstanceSettings, clusterDir: string, sql: string) =>
  withScratchDatabase({ layout, settings, clusterDir, inPlace: true }, (access) =>
    runSql(access, 'casemate', sql),
  );
const look = (settings: InstanceSettings) =>
  ask(
    settings,
    databaseDir,
    `select current_setting('server_version'), (select count(*) from kept),
       (select id from kept order by place <-> '[7,1,2]' limit 1), current_setting('archive_timeout'),
       (select proleakproof from pg_proc where oid = 'texticlike(text,text)'::regprocedure),
       has_function_privilege('public', 'lo_create(oid)', 'execute'),
       has_table_privilege('public', 'pg_class', 'select');`,
  );
const whole = (version: string) => `${version}|1000|7|7min|t|f|f`;
const beside = () => readdirSync(path.dirname(databaseDir)).sort();

beforeAll(async () => {
  if (process.getuid?.() !== 0) return;
  const context = { layout } as InstallContext;
  if (!(await createAccounts.isDone(context))) await createAccounts.apply(context);
  const report = () => undefined;
  const now = await ensureComponent('postgresql', { cacheDir: defaultCacheDir({}), report });
  from = settingsOf(earlierPostgresql, await bringEarlierPostgresql());
  to = settingsOf(now.version, now.dir);
  cpSync(path.dirname(bootstrap), path.join(dir, 'server/server/migrations'), { recursive: true });
  upgrade = { layout, journal: { id: 'one', from, to, contracts: [] } } as unknown as Upgrade;
  for (const made of [layout.root ?? '', layout.dataDir, layout.configDir, layout.runDir])
    await ensureDir(made, { mode: 0o711 });
  await ensureDir(path.dirname(databaseDir), {
    mode: 0o700,
    owner: getAccounts(layout)['casemate-db'],
  });
  const options = clusterOptions({ layout, paths: instancePaths(layout), settings: from });
  const initdb = from.components['postgresql']?.executables['initdb'] ?? '';
  await initCluster({ ...options, initdb });
  const cluster = { layout, settings: from, clusterDir: databaseDir, inPlace: true };
  await withScratchDatabase(cluster, async (access) => {
    await bootstrapDatabase(access, bootstrap);
    await runSql(
      access,
      'casemate',
      `create table public.kept (id int, place public.vector(3));
       insert into kept select n, format('[%s,1,2]', n)::vector from generate_series(1, 1000) n;
       create index on kept using hnsw (place vector_l2_ops);
       alter system set archive_timeout = '7min';`,
    );
  });
}, 300_000);

afterAll(() => rmSync(dir, { recursive: true, force: true }));

journey('data of an earlier major version of PostgreSQL', () => {
  it('DEP-06: is taken over on a copy first, which leaves nothing', async () => {
    const upgrades = path.join(layout.dataDir, 'upgrade');
    mkdirSync(upgrades);
    const clusterDir = path.join(upgrades, 'database');
    await copyTree(databaseDir, clusterDir);
    const rehearsal = { layout, from, settings: to, clusterDir };
    const sql = "insert into kept values (0, null) returning current_setting('server_version');";
    const migrated = rehearseMajor(rehearsal, (access) => runSql(access, 'casemate', sql));
    expect(await migrated).toBe(earlierPostgresql);
    expect(readdirSync(upgrades)).toEqual(['database']);
    expect(await look(from)).toBe(whole(earlierPostgresql));
  }, 300_000);

  it('DEP-06: and what fails on the copy is told, and changes nothing', async () => {
    const clusterDir = path.join(layout.dataDir, 'upgrade/database');
    const sql = 'create table of_types (type regproc);';
    const rehearsal = { layout, from, settings: to, clusterDir };
    const tried = rehearseMajor(rehearsal, (access) => runSql(access, 'casemate', sql));
    await expect(tried).rejects.toThrow('could not take the data over');
    expect(await look(from)).toBe(whole(earlierPostgresql));
  }, 300_000);

  it('DEP-06: goes over, with rights, marks and settings, and interrupted between its renames too', async () => {
    const { before, next } = takeOverPlaces(layout, upgrade.journal);
    await takeOverDatabase(upgrade);
    expect(await look(to)).toBe(whole(to.components['postgresql']?.version ?? ''));
    renameSync(databaseDir, next);
    await takeOverDatabase(upgrade);
    expect(beside()).toEqual([path.basename(databaseDir), path.basename(before)]);
  }, 300_000);

  it('DEP-06: is put back as it was, also where a kill left no directory in its place', async () => {
    const { before, next } = takeOverPlaces(layout, upgrade.journal);
    renameSync(databaseDir, next);
    await endTakeOver(upgrade);
    await restoreDatabase(upgrade);
    expect(beside()).toEqual([path.basename(databaseDir)]);
    expect(existsSync(before)).toBe(false);
    expect(await look(from)).toBe(whole(earlierPostgresql));
  }, 300_000);
});
