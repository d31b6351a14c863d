import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { ensureServerCertificate } from '../../installer/src/certificates/ensure-server-certificate.ts';
import type { Launch } from '../../installer/src/test-parts/start-child.ts';
import { startParts, type Parts } from '../../installer/src/test-parts/start-parts.ts';
import { createLog } from '../src/platform/index.ts';
import { migrate, readMigrations } from '../src/tenancy/index.ts';
import { engineAnswers, launchInContainer } from './launch-in-container.ts';
import { buildLeakedPasswords } from '../build-leaked-passwords.ts';
import type { PartsInfo } from './parts-info.ts';

export type Started = { info: PartsInfo; parts: Parts; stop(): Promise<void> };

/**
 * Starts private PostgreSQL and OpenBao for all database tests of a run, as the installer would,
 * and migrates the database that each test file clones. Where a container engine answers, the parts
 * run in containers (Testcontainers); elsewhere the same programs are children of this process. Stands in for the supervisor: it answers
 * requests for wrapped secret-ids.
 */
export default async function setUp(): Promise<void> {
  // Another program has started them for several runs, and ends them (scripts/sabotage).
  if (process.env['CASEMATE_TEST_PARTS'] !== undefined) return;
  const dir = mkdtempSync('/tmp/casemate-');
  const inContainers = await engineAnswers();
  if (inContainers) process.stderr.write('PostgreSQL and OpenBao run in containers\n');
  const started = await startOwnParts(dir, inContainers ? launchInContainer(dir) : undefined);
  process.env['CASEMATE_TEST_PARTS'] = JSON.stringify(started.info);
  (globalThis as { casemateParts?: Started }).casemateParts = started;
}

/** The same in `dir`, for a test file that takes parts away from the server: they are its alone. */
export async function startOwnParts(dir: string, launch?: Launch): Promise<Started> {
  const parts = await startParts({
    dir,
    with: ['postgresql', 'openbao'],
    ...(launch ? { launch } : {}),
  });
  const desk = join(dir, 'desk');
  mkdirSync(desk, { mode: 0o700 });
  await migrateTemplate(parts);
  writeFileSync(join(dir, 'leaked-passwords.bin'), buildLeakedPasswords());
  const certificate = await ensureServerCertificate({
    directory: join(dir, 'tls'),
    hostName: 'localhost',
    addresses: ['127.0.0.1'],
    now: new Date(),
  });
  const info: PartsInfo = {
    dir,
    desk,
    socketDir: parts.socketDir,
    port: parts.databasePort,
    vaultSocket: parts.vault.socket,
    certFile: certificate.certFile,
    keyFile: certificate.keyFile,
    caFile: certificate.caFile,
    passwords: parts.passwords ?? {},
    roleIdFiles: {
      server: parts.vault.roleIdFile('server'),
      provisioner: parts.vault.roleIdFile('provisioner'),
    },
    operatorFile: parts.vault.operatorFile,
  };
  const issuing = setInterval(() => void issueAll(parts, desk).catch(() => undefined), 50);
  return {
    info,
    parts,
    stop: async () => {
      clearInterval(issuing);
      await parts.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

export async function tearDown(): Promise<void> {
  await (globalThis as { casemateParts?: Started }).casemateParts?.stop();
}

async function migrateTemplate(parts: Parts): Promise<void> {
  const client = new pg.Client({
    host: parts.socketDir,
    port: parts.databasePort,
    database: 'casemate',
    user: 'casemate_migrator',
    password: parts.passwords?.migrator ?? '',
  });
  await client.connect();
  const migrations = join(import.meta.dirname, '../migrations');
  const plan = {
    control: await readMigrations(join(migrations, 'control')),
    tenant: await readMigrations(join(migrations, 'tenant')),
    proofsOf: () => Promise.reject(new Error('there is no tenant in the template')),
  };
  await migrate(client, plan, createLog({ level: 'error', fields: {}, stream: process.stderr }));
  await client.end();
}

const issued = new Set<string>();

async function issueAll(parts: Parts, desk: string): Promise<void> {
  for (const name of readdirSync(desk).filter((file) => file.endsWith('.request'))) {
    if (issued.has(name)) continue;
    issued.add(name);
    const role = name.startsWith('provisioner') ? 'provisioner' : 'server';
    try {
      const token = await parts.vault.issueWrapped(role);
      writeFileSync(join(desk, name.replace(/\.request$/, '.wrapped')), token, { mode: 0o400 });
      rmSync(join(desk, name), { force: true });
    } finally {
      issued.delete(name);
    }
  }
}
