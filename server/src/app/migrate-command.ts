import pg from 'pg';
import { createLog, createVault, type Config } from '../platform/index.ts';
import {
  listPendingMigrations,
  makeProof,
  migrate,
  readMigrations,
  type Pending,
} from '../tenancy/index.ts';
import { migrationsDirectory } from './child-program.ts';
import { databaseCredential } from './database-credential.ts';

/** Runs what is pending, or with `check` only says what would run. */
export async function migrateCommand(config: Config, check: boolean): Promise<Pending> {
  const log = createLog({
    level: config.CASEMATE_LOG_LEVEL,
    fields: { program: 'migrator' },
    stream: process.stderr,
  });
  const vault = createVault({ config, log });
  const credential = await databaseCredential(vault)('casemate_migrator', false);
  const client = new pg.Client({
    host: config.CASEMATE_DATABASE_HOST,
    port: config.CASEMATE_DATABASE_PORT,
    database: config.CASEMATE_DATABASE_NAME,
    user: credential.username,
    password: credential.password,
    application_name: 'casemate-migrator',
  });
  await client.connect();
  try {
    const plan = {
      control: await readMigrations(migrationsDirectory('control')),
      tenant: await readMigrations(migrationsDirectory('tenant')),
      proofOf: (tenant: { id: string; epoch: number }) => makeProof(vault, tenant),
    };
    if (!check) await migrate(client, plan, log);
    return await listPendingMigrations(client, plan);
  } finally {
    await client.end();
  }
}
