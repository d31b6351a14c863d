import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import {
  AppError,
  createLog,
  createVault,
  databaseAddress,
  type Config,
  type CredentialOf,
} from '../platform/index.ts';
import { readMigrations } from '../tenancy/index.ts';
import { migrationsDirectory } from './child-program.ts';
import { databaseCredential } from './database-credential.ts';

type Login = 'casemate_server' | 'casemate_provisioner' | 'casemate_migrator';

export type SchemaState = {
  /** Migrations of this version that the database has not had. */
  missing: string[];
  /** Migrations of the database that this version does not know: a later one made them. */
  unknown: string[];
};

const WAIT_MS = 15 * 60_000;
const LOOK_AGAIN_MS = 1_000;

/**
 * Ends once key service and database let this program in and hold what its version needs. For pods
 * that are started together with the parts they stand on.
 */
export async function awaitSchemaCommand(config: Config, waitMs = WAIT_MS): Promise<SchemaState> {
  const login =
    config.CASEMATE_VAULT_KUBERNETES_ROLE === 'provisioner'
      ? 'casemate_provisioner'
      : 'casemate_server';
  const look = createLook(config, login);
  const deadline = performance.now() + waitMs;
  for (;;) {
    const found = await look().catch((error: unknown) => error);
    if (!(found instanceof Error) && (found as SchemaState).missing.length === 0)
      return found as SchemaState;
    if (performance.now() > deadline) {
      if (found instanceof Error) throw found;
      const { missing } = found as SchemaState;
      throw new AppError('unavailable', `The database still lacks ${missing.join(', ')}`);
    }
    await sleep(LOOK_AGAIN_MS);
  }
}

/**
 * Before a migration: refuses a database that a later version has migrated. Going back to that
 * version's predecessor is a rollback of the programs, which this must not be part of.
 */
export async function checkUpgradeCommand(config: Config): Promise<SchemaState> {
  const state = await createLook(config, 'casemate_migrator')();
  if (state.unknown.length === 0) return state;
  throw new AppError(
    'not_allowed_now',
    `The database was migrated by a later version (${state.unknown.join(', ')}). Install that version, or go back with a rollback`,
  );
}

/** Pure: what a database with these migrations lacks, and has too much, for this version's. */
export function compareMigrations(own: readonly string[], applied: readonly string[]): SchemaState {
  return {
    missing: own.filter((name) => !applied.includes(name)),
    unknown: applied.filter((name) => !own.includes(name)),
  };
}

function createLook(config: Config, login: Login): () => Promise<SchemaState> {
  const log = createLog({ level: 'error', fields: { program: 'schema' }, stream: process.stderr });
  const credential = databaseCredential(createVault({ config, log }));
  return async () => {
    const [control, tenant] = await Promise.all(
      (['control', 'tenant'] as const).map((kind) => readMigrations(migrationsDirectory(kind))),
    );
    const own = [
      ...(control ?? []).map(({ name }) => name),
      ...(tenant ?? []).map(({ name }) => `tenant/${name}`),
    ];
    return compareMigrations(own, await listApplied(config, login, credential));
  };
}

async function listApplied(
  config: Config,
  login: Login,
  credential: CredentialOf,
): Promise<string[]> {
  const { username, password } = await credential(login, false);
  const client = new pg.Client({
    ...databaseAddress(config),
    user: username,
    password,
    connectionTimeoutMillis: 5_000,
    application_name: 'casemate-schema',
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows: found } = await client.query<{ there: boolean }>(
      `select to_regclass('control.migrations') is not null as there`,
    );
    if (!found[0]?.there) return [];
    const { rows } = await client.query<{ name: string }>('select name from control.migrations');
    return rows.map(({ name }) => name);
  } finally {
    await client.end();
  }
}
