import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { bootstrapDatabase, setRotatorPassword } from '../database/bootstrap.ts';
import { clusterExists, initCluster, writeClusterConf } from '../database/init-cluster.ts';
import { runSql, type SuperuserAccess } from '../database/run-sql.ts';
import { Fault } from '../fault.ts';
import { findAccountName } from '../host/accounts.ts';
import { plainEnv, runProgram } from '../host/run-program.ts';
import { waitUntil } from '../host/wait-until.ts';
import { isReady } from '../supervisor/is-ready.ts';
import { join, listenTls } from './listen-tls.ts';
import { places } from './places.ts';
import { refuseOtherCluster } from './refuse-other-cluster.ts';
import { runChild } from './run-child.ts';
import type { ContainerSettings } from './settings.ts';

const port = 5432;
const access: SuperuserAccess = {
  psql: places.psql,
  socketDir: places.databaseSocketDir,
  port,
};

/** Makes the cluster on its first start, runs PostgreSQL, and brings accounts and extensions up to date. */
export async function runPostgresql(settings: ContainerSettings): Promise<void> {
  await rm(places.databaseReady, { force: true });
  await prepareCluster(settings);
  const { ended, stop } = runChild({
    argv: [places.postgres, '-D', places.clusterDir],
    env: plainEnv,
    stopSignal: 'SIGINT',
  });
  try {
    await becomeReady(settings);
  } catch (error) {
    stop();
    await ended;
    throw error;
  }
  process.exit(await ended);
}

async function prepareCluster(settings: ContainerSettings): Promise<void> {
  const account = findAccountName(process.getuid?.() ?? -1);
  if (account === undefined)
    throw new Fault('PostgreSQL must run as an account that the image knows', {
      next: 'Leave the user of the container as it is (10003).',
    });
  const options = {
    clusterDir: places.clusterDir,
    conf: {
      socketDir: places.databaseSocketDir,
      port,
      socketGroup: (process.getgroups?.() ?? []).includes(10_000) ? 'casemate-sockets' : null,
      hostMemoryMiB: settings.memoryMib,
      maxConnections: settings.maxConnections,
    },
    rules: { superuserAccounts: [account], databases: 'casemate' },
    runAs: undefined,
  };
  await mkdir(path.dirname(places.clusterDir), { recursive: true });
  if (clusterExists(places.clusterDir)) {
    const { stdout } = await runProgram(places.postgres, ['--version']);
    await refuseOtherCluster(places.clusterDir, /\d+(\.\d+)?/.exec(stdout)?.[0] ?? '');
    await writeClusterConf(options);
  } else await initCluster({ initdb: places.initdb, ...options });
}

async function becomeReady(settings: ContainerSettings): Promise<void> {
  const check = { kind: 'postgresql', socketDir: places.databaseSocketDir, port } as const;
  // A recovery after a crash may take minutes.
  if (!(await waitUntil(() => isReady(check, 0), 600_000)))
    throw new Fault('PostgreSQL did not become ready within ten minutes');
  await bringUpToDate();
  await giveRotatorPassword(settings.rotatorPasswordFile);
  await writeFile(places.databaseReady, '');
  if (settings.tlsDir)
    await listenTls({
      port,
      tlsDir: settings.tlsDir,
      clients: 'anyone',
      asks: 'postgresql',
      hand: (socket) =>
        join(socket, net.connect(path.join(places.databaseSocketDir, `.s.PGSQL.${port}`))),
    });
}

/** The comment on the database says which text of bootstrap.sql it has had, as on a host. */
async function bringUpToDate(): Promise<void> {
  const text = await readFile(places.bootstrap);
  const wanted = `casemate bootstrap ${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
  if ((await runSql(access, 'postgres', readNote)) === wanted) return;
  await bootstrapDatabase(access, places.bootstrap);
  await runSql(access, 'postgres', `comment on database casemate is '${wanted}';`);
}

const readNote =
  "select shobj_description(oid, 'pg_database') from pg_database where datname = 'casemate';";

/** Given once: the key service's engine replaces it as soon as it signs in with it. */
async function giveRotatorPassword(file: string): Promise<void> {
  const has = "select rolpassword is not null from pg_authid where rolname = 'casemate_rotator';";
  if (!existsSync(file) || (await runSql(access, 'postgres', has)) === 't') return;
  await setRotatorPassword(access, (await readFile(file, 'utf8')).trim());
}
