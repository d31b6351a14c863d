import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { createContext } from '../src/app/context.ts';
import { columnsOf } from '../src/app/encrypted-columns.ts';
import { createParts, type Parts } from '../src/app/parts.ts';
import { ensurePlatformKey, startKeyKeeper } from '../src/crypto/index.ts';
import type { Rights } from '../src/identity/index.ts';
import {
  configSchema,
  newId,
  serverLogins,
  systemActor,
  type Config,
  type Platform,
  type RequestContext,
  type TenantRole,
} from '../src/platform/index.ts';
import {
  createTenant,
  findTenant,
  proveTenant,
  readMigrations,
  startProvisioner,
} from '../src/tenancy/index.ts';
import { partsInfo } from './parts-info.ts';
import { SESSION_CACHE_MS } from './soon.ts';

export type Person = { accountId: string; auditId: string };

export type TestAppliance = {
  readonly config: Config;
  readonly parts: Parts;
  /** Of the provisioner, with the rights that it alone has. */
  readonly provisioning: Parts;
  /** The superuser's own connection, past all isolation: for looking, never for the code under test. */
  readonly superuser: pg.Pool;
  /** A provisioned tenant. */
  makeTenant(name?: string): Promise<string>;
  makePerson(memberships?: Readonly<Record<string, TenantRole>>): Promise<Person>;
  /** The context of a request of `person` (null: the system) to `tenantId`. */
  contextOf(person: Person | null, tenantId: string | null): RequestContext;
  stop(): Promise<void>;
};

/**
 * Server and provisioner parts on a database of the test file's own, cloned from the migrated one.
 * With `programs: 'none'` nobody takes jobs: the test starts the programs itself.
 */
export async function startAppliance(
  settings: Partial<Config> = {},
  { programs = 'here' }: { programs?: 'here' | 'none' } = {},
): Promise<TestAppliance> {
  const info = partsInfo();
  const name = `test_${randomBytes(6).toString('hex')}`;
  const root = { host: info.socketDir, port: info.port, user: 'postgres' };
  const maker = new pg.Client({ ...root, database: 'postgres' });
  // A test may take the database away.
  maker.on('error', () => undefined);
  await maker.connect();
  await maker.query(`create database ${name} template casemate`);
  await maker.query(
    `revoke all on database ${name} from public;
     grant connect on database ${name} to ${serverLogins.join(', ')}, casemate_provisioner, casemate_migrator;
     grant create on database ${name} to casemate_migrator`,
  );
  const config = testConfig(name, settings);
  const parts = await createParts(config, 'server');
  const provisioning = await createParts(
    { ...testConfig(name, settings, 'provisioner'), CASEMATE_DATABASE_POOL: 2 },
    'provisioner',
  );
  await ensurePlatformKey(provisioning.platform);
  const running = programs === 'here' ? await startKeepers(provisioning.platform) : [];
  const superuser = new pg.Pool({ ...root, database: name, max: 3 });
  // The database is dropped under it at the end.
  superuser.on('error', () => undefined);
  const system = bind(parts, null, null);
  return {
    config,
    parts,
    provisioning,
    superuser,
    makeTenant: async (title = `Test tenant ${randomBytes(4).toString('hex')}`) => {
      const { id } = await createTenant(system, { name: title, language: 'en' });
      for (let tries = 0; tries < 600; tries += 1) {
        const tenant = await system.inControl((tx) => findTenant(tx, id));
        if (tenant?.state === 'active') return id;
        if (tenant?.state === 'failed') break;
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
      throw new Error('the provisioner built no tenant');
    },
    makePerson: (memberships = {}) => insertPerson(superuser, parts.identity.rights, memberships),
    contextOf: (person, tenantId) => bind(parts, person, tenantId),
    stop: async () => {
      await Promise.all(running.map((one) => one.stop()));
      parts.identity.hasher.stop();
      await Promise.all([
        parts.platform.db.close(),
        provisioning.platform.db.close(),
        superuser.end(),
      ]);
      await maker.query(`drop database ${name} with (force)`);
      await maker.end();
    },
  };
}

/** What the provisioner's program runs. */
async function startKeepers(platform: Platform): Promise<{ stop(): Promise<void> }[]> {
  const migrations = await readMigrations(join(import.meta.dirname, '../migrations/tenant'));
  const proofOf = (tenantId: string): Promise<string> => proveTenant(platform, tenantId);
  const keeper = startKeyKeeper({ platform, proofOf, columnsOf }, 250);
  return [await startProvisioner(platform, migrations), keeper];
}

/** Settings of an installed appliance, on the run's parts. */
export function testConfig(
  database: string,
  settings: Partial<Config> = {},
  role: 'server' | 'provisioner' = 'server',
): Config {
  const info = partsInfo();
  const desk = join(info.desk, `${role}-${randomBytes(6).toString('hex')}`);
  const data = join(info.dir, 'data', database);
  mkdirSync(data, { recursive: true });
  return {
    ...configSchema.parse({
      CASEMATE_MODE: 'test',
      CASEMATE_HOST_NAME: 'localhost',
      CASEMATE_BIND_ADDRESS: '127.0.0.1',
      CASEMATE_HTTPS_PORT: '0',
      CASEMATE_HTTP_PORT: '0',
      CASEMATE_TLS_CERT_FILE: info.certFile,
      CASEMATE_TLS_KEY_FILE: info.keyFile,
      CASEMATE_DATA_DIR: data,
      CASEMATE_DELETION_LEDGER: join(data, 'ledger.jsonl'),
      CASEMATE_WEB_DIR: join(import.meta.dirname, '../../web/dist'),
      CASEMATE_DATABASE_HOST: info.socketDir,
      CASEMATE_DATABASE_PORT: String(info.port),
      CASEMATE_DATABASE_NAME: database,
      CASEMATE_VAULT_SOCKET: info.vaultSocket,
      CASEMATE_VAULT_ROLE_ID_FILE: info.roleIdFiles[role],
      CASEMATE_VAULT_WRAPPED_SECRET_ID_FILE: `${desk}.wrapped`,
      CASEMATE_VAULT_REQUEST_FILE: `${desk}.request`,
      CASEMATE_LEAKED_PASSWORDS_FILE: join(info.dir, 'leaked-passwords.bin'),
      CASEMATE_OLLAMA_URL: 'http://127.0.0.1:9',
      // What a busy host sheds is no answer of the code under test; the tests of shedding set their own.
      CASEMATE_SHED_DELAY_MS: '10000',
      // A test that waits for a session to be looked at again waits for less than people do.
      CASEMATE_SESSION_CACHE_MS: String(SESSION_CACHE_MS),
      CASEMATE_LOG_LEVEL: process.env['CASEMATE_TEST_LOG'] ?? 'error',
    }),
    ...settings,
  };
}

function bind(parts: Parts, person: Person | null, tenantId: string | null): RequestContext {
  const actor = person ? { ...systemActor, kind: 'human' as const, ...person } : systemActor;
  return createContext(parts, {
    requestId: newId(),
    actor,
    tenantId,
    standing: null,
    ip: '127.0.0.1',
    userAgent: 'test',
    signal: new AbortController().signal,
    committed: () => undefined,
  });
}

async function insertPerson(
  superuser: pg.Pool,
  rights: Rights,
  memberships: Readonly<Record<string, TenantRole>>,
): Promise<Person> {
  const person = { accountId: newId(), auditId: newId() };
  const { accountId } = person;
  const email = `${accountId}@example.invalid`;
  const account = { id: accountId, auditId: person.auditId, email, platformRole: null };
  await superuser.query(
    `insert into control.accounts (id, audit_id, email, name, password_hash, seal)
     values ($1, $2, $3, 'Test', '!', $4)`,
    [
      accountId,
      person.auditId,
      email,
      rights.sealAccount({ ...account, passwordHash: '!', factors: null }),
    ],
  );
  for (const [tenantId, role] of Object.entries(memberships))
    await superuser.query(
      'insert into control.memberships (account_id, tenant_id, role, seal) values ($1, $2, $3, $4)',
      [accountId, tenantId, role, rights.sealMembership({ accountId, tenantId, role })],
    );
  return person;
}
