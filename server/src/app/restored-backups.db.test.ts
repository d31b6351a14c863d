import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { partsInfo } from '../../tests/parts-info.ts';
import setUp, { tearDown } from '../../tests/start-parts.ts';
import { startAppliance, testConfig, type TestAppliance } from '../../tests/test-appliance.ts';
import { findLedgerFault, tenantKeyPlace } from '../crypto/index.ts';
import { tenantName, type Config } from '../platform/index.ts';
import { createParts, type Parts } from './parts.ts';
import { provision } from './provision.ts';

const shared = process.env['CASEMATE_TEST_PARTS'];

/** A database and a key service of this file's own, because it puts both back in time. */
describe('after a tenant was deleted', () => {
  let appliance: TestAppliance;
  let lost: string;
  let kept: string;
  let backup: { dump: string; roles: string; snapshot: Buffer; wrapped: string };

  beforeAll(async () => {
    // Those of all files are not put back.
    delete process.env['CASEMATE_TEST_PARTS'];
    await setUp();
    appliance = await startAppliance();
    [lost, kept] = await Promise.all([appliance.makeTenant(), appliance.makeTenant()]);
    backup = await takeBackups(appliance, lost);
    await deleteTenant(appliance, lost);
  }, 120_000);
  afterAll(async () => {
    await appliance.stop();
    await tearDown();
    process.env['CASEMATE_TEST_PARTS'] = shared;
  });

  const opens = (parts: Parts, tenantId: string, wrapped: string): Promise<Buffer[]> =>
    parts.platform.keys.unwrap(tenantKeyPlace(tenantId), [wrapped]);
  const wrappedOf = async (tenantId: string): Promise<string> => {
    const { rows } = await appliance.superuser.query<{ wrapped: string }>(
      `select wrapped from "${tenantName(tenantId)}".data_keys`,
    );
    return rows[0]?.wrapped ?? '';
  };

  it('ENC-09: its ciphertext opens no longer, and its name stands in three ledgers', async () => {
    await expect(opens(appliance.parts, lost, backup.wrapped)).rejects.toThrow();
    await expect(opens(appliance.parts, kept, await wrappedOf(kept))).resolves.toHaveLength(1);
    expect(readFileSync(appliance.config.CASEMATE_DELETION_LEDGER ?? '', 'utf8')).toContain(lost);
    expect(await findLedgerFault(appliance.parts.platform)).toBeNull();
  });

  it('ENC-09: a snapshot of the key service that is put back brings the key back, until the ledger is replayed', async () => {
    await restoreSnapshot(backup.snapshot);
    const { platform } = appliance.parts;
    await expect(opens(appliance.parts, lost, backup.wrapped)).resolves.toHaveLength(1);
    expect(await findLedgerFault(platform)).toMatch(/^the key service is not at the end/);
    await (await provision(provisionerConfig(appliance.config))).stop();
    await expect(opens(appliance.parts, lost, backup.wrapped)).rejects.toThrow();
    expect(await findLedgerFault(platform)).toBeNull();
    await expect(opens(appliance.parts, kept, await wrappedOf(kept))).resolves.toHaveLength(1);
  }, 60_000);

  it('ENC-09: a copy of the database that is put back holds the tenant, until the ledger is replayed', async () => {
    const copy = `copy_${randomUUID().slice(0, 8)}`;
    const superuser = await restoreDatabase(backup, copy);
    const config = {
      ...appliance.config,
      CASEMATE_DATABASE_NAME: copy,
      ...freshDesk('server'),
    };
    const parts = await createParts(config, 'server');
    const schema = `select count(*)::int as n from pg_namespace where nspname = $1`;
    const before = await superuser.query<{ n: number }>(schema, [tenantName(lost)]);
    expect(before.rows[0]?.n).toBe(1);
    expect(await findLedgerFault(parts.platform)).toMatch(/^the database is not at the end/);
    await (await provision(provisionerConfig(config))).stop();
    const after = await superuser.query<{ n: number }>(schema, [tenantName(lost)]);
    expect(after.rows[0]?.n).toBe(0);
    expect(await findLedgerFault(parts.platform)).toBeNull();
    const twin = await superuser.query<{ n: number }>(schema, [tenantName(kept)]);
    expect(twin.rows[0]?.n).toBe(1);
    await parts.platform.db.close();
    await superuser.end();
  }, 60_000);

  it('ENC-09: a ledger file that is lost is written anew; one that was changed stops everything', async () => {
    const file = appliance.config.CASEMATE_DELETION_LEDGER ?? '';
    const whole = readFileSync(file, 'utf8');
    rmSync(file);
    expect(await findLedgerFault(appliance.parts.platform)).not.toBeNull();
    await (await provision(provisionerConfig(appliance.config))).stop();
    expect(readFileSync(file, 'utf8')).toBe(whole);
    writeFileSync(file, whole.replace(lost, kept));
    await expect(provision(provisionerConfig(appliance.config))).rejects.toThrow(/was changed/);
    await expect(findLedgerFault(appliance.parts.platform)).rejects.toThrow(/was changed/);
    writeFileSync(file, whole);
    expect(existsSync(file)).toBe(true);
  }, 60_000);
});

function freshDesk(role: 'server' | 'provisioner'): Partial<Config> {
  const fresh = testConfig('desk', {}, role);
  return {
    CASEMATE_VAULT_ROLE_ID_FILE: fresh.CASEMATE_VAULT_ROLE_ID_FILE,
    CASEMATE_VAULT_WRAPPED_SECRET_ID_FILE: fresh.CASEMATE_VAULT_WRAPPED_SECRET_ID_FILE,
    CASEMATE_VAULT_REQUEST_FILE: fresh.CASEMATE_VAULT_REQUEST_FILE,
  };
}

function provisionerConfig(config: Config): Config {
  return { ...config, ...freshDesk('provisioner') };
}

async function deleteTenant({ superuser }: TestAppliance, id: string): Promise<void> {
  await superuser.query(`update control.tenants set state = 'dropping' where id = $1`, [id]);
  await superuser.query(
    `insert into control.jobs (id, queue, kind, tenant_id, subject_id)
     values (gen_random_uuid(), 'provision', 'tenant.drop', $1, $1)`,
    [id],
  );
  for (let tries = 0; tries < 200; tries += 1) {
    const { rows } = await superuser.query<{ state: string }>(
      'select state from control.tenants where id = $1',
      [id],
    );
    if (rows[0]?.state === 'dropped') return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the tenant was not removed');
}

/* Real backups: pg_dump and pg_dumpall of the database, a raft snapshot of the key service. */

async function takeBackups(
  { config, superuser }: TestAppliance,
  tenantId: string,
): Promise<{ dump: string; roles: string; snapshot: Buffer; wrapped: string }> {
  const { rows } = await superuser.query<{ wrapped: string }>(
    `select wrapped from "${tenantName(tenantId)}".data_keys`,
  );
  const dump = join(partsInfo().dir, 'backup.dump');
  const place = ['-h', config.CASEMATE_DATABASE_HOST, '-p', String(config.CASEMATE_DATABASE_PORT)];
  const binaries = await binariesOf(superuser);
  execFileSync(join(binaries, 'pg_dump'), [
    ...place,
    '-U',
    'postgres',
    '-Fc',
    '-f',
    dump,
    config.CASEMATE_DATABASE_NAME,
  ]);
  const roles = execFileSync(
    join(binaries, 'pg_dumpall'),
    [...place, '-U', 'postgres', '--roles-only'],
    { encoding: 'utf8' },
  );
  return {
    dump,
    roles,
    snapshot: await vaultCall('GET', 'sys/storage/raft/snapshot'),
    wrapped: rows[0]?.wrapped ?? '',
  };
}

async function binariesOf(superuser: pg.Pool): Promise<string> {
  const { rows } = await superuser.query<{ setting: string }>(
    `select setting from pg_config where name = 'BINDIR'`,
  );
  return rows[0]?.setting ?? '';
}

async function restoreDatabase(
  { dump, roles }: { dump: string; roles: string },
  name: string,
): Promise<pg.Pool> {
  const info = partsInfo();
  const root = { host: info.socketDir, port: info.port, user: 'postgres' };
  const maker = new pg.Client({ ...root, database: 'postgres' });
  await maker.connect();
  await maker.query(`create database ${name}`);
  // Roles that are still there are kept; those that the deletion took come back.
  for (const statement of roles
    .split('\n')
    .filter((line) => /^(CREATE|ALTER ROLE|GRANT)/.test(line)))
    await maker.query(statement).catch(() => undefined);
  await maker.end();
  const superuser = new pg.Pool({ ...root, database: name, max: 2 });
  const place = ['-h', info.socketDir, '-p', String(info.port), '-U', 'postgres'];
  execFileSync(join(await binariesOf(superuser), 'pg_restore'), [...place, '-d', name, dump]);
  return superuser;
}

async function restoreSnapshot(snapshot: Buffer): Promise<void> {
  const policy = 'path "sys/storage/raft/snapshot-force" { capabilities = ["update"] }';
  await vaultCall('PUT', 'sys/policies/acl/casemate-restorer', JSON.stringify({ policy }));
  const role = JSON.stringify({ token_policies: ['casemate-operator', 'casemate-restorer'] });
  await vaultCall('POST', 'auth/approle/role/operator', role);
  await vaultCall('POST', 'sys/storage/raft/snapshot-force', snapshot);
  await new Promise((resolve) => setTimeout(resolve, 3_000));
}

/** As the operator, whom the installer keeps. */
async function vaultCall(method: string, path: string, body?: string | Buffer): Promise<Buffer> {
  const { casemateParts } = globalThis as unknown as {
    casemateParts: { parts: { vault: { operatorToken(): Promise<string> } } };
  };
  const token = await casemateParts.parts.vault.operatorToken();
  return new Promise((resolve, reject) => {
    const call = http.request(
      {
        socketPath: partsInfo().vaultSocket,
        method,
        path: `/v1/${path}`,
        headers: { 'x-vault-token': token },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const answer = Buffer.concat(chunks);
          if ((response.statusCode ?? 500) < 300) resolve(answer);
          else reject(new Error(`${path}: ${String(response.statusCode)} ${String(answer)}`));
        });
      },
    );
    call.on('error', reject);
    call.end(body);
  });
}
