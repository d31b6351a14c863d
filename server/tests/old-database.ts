import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import pg from 'pg';
import {
  createLog,
  newId,
  serverLogins,
  systemActor,
  type Platform,
} from '../src/platform/index.ts';
import {
  findPending,
  migrate,
  readMigrations,
  type Migrated,
  type Pending,
  type Plan,
} from '../src/tenancy/index.ts';
import { provisionTenant } from '../src/tenancy/provision-tenant.ts';
import { partsInfo } from './parts-info.ts';

const folder = join(import.meta.dirname, '../migrations');

/** A database of its own at the schema of an earlier version, built from the released files. */
export type OldDatabase = {
  readonly name: string;
  readonly superuser: pg.Pool;
  /** Builds a tenant with the tenant migrations that the earlier version had. */
  provision(platform: Platform, tenantId: string): Promise<void>;
  /** What an upgrade to this version has to do, and what it does. */
  pending(proofsOf: Plan['proofsOf']): Promise<Pending>;
  upgrade(proofsOf: Plan['proofsOf']): Promise<Migrated>;
  drop(): Promise<void>;
};

/** `until`: the last control and the last tenant migration that the earlier version had. */
export async function makeOldDatabase(until: {
  control: number;
  tenant: number;
}): Promise<OldDatabase> {
  const info = partsInfo();
  const name = `old_${randomBytes(6).toString('hex')}`;
  const root = { host: info.socketDir, port: info.port, user: 'postgres' };
  const maker = new pg.Client({ ...root, database: 'postgres' });
  await maker.connect();
  await maker.query(`create database ${name} template template0`);
  await maker.query(
    `revoke all on database ${name} from public;
     grant connect on database ${name} to ${serverLogins.join(', ')}, casemate_provisioner, casemate_migrator;
     grant create on database ${name} to casemate_migrator`,
  );
  const superuser = new pg.Pool({ ...root, database: name, max: 3 });
  superuser.on('error', () => undefined);
  await bootstrap(superuser, name);
  const [control, tenant] = await Promise.all([
    readMigrations(join(folder, 'control')),
    readMigrations(join(folder, 'tenant')),
  ]);
  const tenantFiles = tenant.filter(({ number }) => number <= until.tenant);
  const log = createLog({ level: 'error', fields: {}, stream: process.stderr });
  const asMigrator = async <T>(work: (client: pg.Client) => Promise<T>): Promise<T> => {
    const login = { ...root, user: 'casemate_migrator', password: info.passwords['migrator'] };
    const client = new pg.Client({ ...login, database: name, pipeline: true });
    await client.connect();
    return work(client).finally(() => client.end());
  };
  const nobody = (): Promise<string[]> => Promise.resolve([]);
  const old = control.filter(({ number }) => number <= until.control);
  await asMigrator((client) =>
    migrate(client, { control: old, tenant: tenantFiles, proofsOf: nobody }, log),
  );
  return {
    name,
    superuser,
    provision: (platform, tenantId) => {
      const source = { requestId: newId(), actor: systemActor, ip: null, userAgent: null };
      return provisionTenant({ platform, migrations: tenantFiles, source }, tenantId);
    },
    pending: (proofsOf) =>
      asMigrator((client) => findPending(client, { control, tenant, proofsOf })),
    upgrade: async (proofsOf) => {
      await bootstrap(superuser, name);
      return asMigrator((client) => migrate(client, { control, tenant, proofsOf }, log));
    },
    drop: async () => {
      await superuser.end();
      await maker.query(`drop database ${name} with (force)`);
      await maker.end();
    },
  };
}

/** As the installer runs it, at an install and again at each upgrade. */
async function bootstrap(superuser: pg.Pool, database: string): Promise<void> {
  const { rows } = await superuser.query<{ setting: string }>(
    `select setting from pg_config where name = 'BINDIR'`,
  );
  const { socketDir, port } = partsInfo();
  const place = ['-h', socketDir, '-p', String(port), '-U', 'postgres', '-d', database];
  const script = join(folder, 'bootstrap.sql');
  execFileSync(
    join(rows[0]?.setting ?? '', 'psql'),
    ['-X', '-q', '-o', '/dev/null', ...place, '-f', script],
    { env: { PGOPTIONS: '-c client_min_messages=warning' } },
  );
}
