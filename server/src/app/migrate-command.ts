import pg from 'pg';
import { createLog, createVault, databaseAddress, type Config } from '../platform/index.ts';
import {
  findPending,
  proofsOfSteps,
  migrate,
  readMigrations,
  type Plan,
} from '../tenancy/index.ts';
import { migrationsDirectory } from './child-program.ts';
import { databaseCredential } from './database-credential.ts';

export type MigrateAnswer = {
  /** Files of the control schema, by name, that a run would apply. */
  control: string[];
  /** How many tenants are not at this version. */
  tenants: number;
  /** How many tenants this run brought to this version, and the ones that it could not. */
  migrated: number;
  failed: { tenantId: string; error: string }[];
  seconds: number;
};

/** Runs what is pending, or with `check` only says what would run. */
export async function migrateCommand(config: Config, check: boolean): Promise<MigrateAnswer> {
  const log = createLog({
    level: config.CASEMATE_LOG_LEVEL,
    fields: { program: 'migrator' },
    stream: process.stderr,
  });
  const vault = createVault({ config, log });
  const credential = databaseCredential(vault);
  const connect = async (): Promise<pg.Client> => {
    const { username, password } = await credential('casemate_migrator', false);
    const client = new pg.Client({
      ...databaseAddress(config),
      user: username,
      password,
      application_name: 'casemate-migrator',
      pipeline: true,
    });
    client.on('error', (error) => log.warn('database connection lost', { error }));
    await client.connect();
    return client;
  };
  const client = await connect();
  try {
    const plan: Plan = {
      control: await readMigrations(migrationsDirectory('control')),
      tenant: await readMigrations(migrationsDirectory('tenant')),
      proofsOf: (tenants) => proofsOfSteps(vault, tenants),
      connect,
    };
    const started = performance.now();
    const done = check ? undefined : await migrate(client, plan, log);
    const seconds = Math.round(performance.now() - started) / 1000;
    const { control, tenants } = await findPending(client, plan);
    return {
      control: control.map(({ name }) => name),
      tenants: tenants.length,
      migrated: done?.tenants ?? 0,
      failed: done?.failed ?? [],
      seconds,
    };
  } finally {
    await client.end();
  }
}
