import pg from 'pg';
import type { Config } from '../config/config-schema.ts';
import type { Log } from '../log.ts';
import { listen } from './listen.ts';
import type { Acquire } from './transaction.ts';
import type { ControlTx, TenantScope, TenantTx } from './types.ts';
import { readControl, withControl } from './with-control.ts';
import { readTenant, withAuditor, withTenant } from './with-tenant.ts';

export type DatabaseCredential = { username: string; password: string };

export type Database = {
  inTenant<T>(scope: TenantScope, work: (tx: TenantTx) => Promise<T>): Promise<T>;
  /** One statement, one round trip. */
  readTenant<T>(scope: TenantScope, work: (tx: TenantTx) => Promise<T>): Promise<T>;
  inAuditor<T>(scope: TenantScope, work: (tx: TenantTx) => Promise<T>): Promise<T>;
  inControl<T>(work: (tx: ControlTx) => Promise<T>): Promise<T>;
  readControl<T>(work: (tx: ControlTx) => Promise<T>): Promise<T>;
  /** Calls `heard` for each notification; reconnects by itself until closed. */
  listen(channel: string, heard: (payload: string) => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
};

type Options = {
  config: Config;
  log: Log;
  /** Asked again when the database answers 28P01: the password has rotated. */
  credential: (fresh: boolean) => Promise<DatabaseCredential>;
};

const MAX_CONNECTION_SECONDS = 30 * 60;

/**
 * Two pools of one account: its own login role for the control schema, and that of its bucket of
 * tenants (`<role>_0`), which may become a tenant's role and has no grant of its own. What is
 * injected into a tenant's statement and resets its role therefore stands before nothing.
 */
export async function createDatabase({ config, log, credential }: Options): Promise<Database> {
  const { username } = await credential(false);
  const settingsOf = (user: string): pg.PoolConfig => ({
    host: config.CASEMATE_DATABASE_HOST,
    port: config.CASEMATE_DATABASE_PORT,
    database: config.CASEMATE_DATABASE_NAME,
    user,
    password: async () => (await credential(false)).password,
    max: config.CASEMATE_DATABASE_POOL,
    idleTimeoutMillis: 60_000,
    connectionTimeoutMillis: 5_000,
    maxLifetimeSeconds: MAX_CONNECTION_SECONDS,
    application_name: 'casemate',
  });
  const control = createPool(settingsOf(username), log);
  const tenants = createPool(settingsOf(`${username}_0`), log);
  const ofControl = retryOnRotatedPassword(control, credential);
  const ofTenants = retryOnRotatedPassword(tenants, credential);
  return {
    inTenant: (scope, work) => withTenant(ofTenants, scope, work),
    readTenant: (scope, work) => readTenant(ofTenants, scope, work),
    inAuditor: (scope, work) => withAuditor(ofTenants, scope, work),
    inControl: (work) => withControl(ofControl, work),
    readControl: (work) => readControl(ofControl, work),
    listen: (channel, heard) => listen({ settings: settingsOf(username), channel, heard, log }),
    close: async () => {
      await Promise.all([control.end(), tenants.end()]);
    },
  };
}

function createPool(settings: pg.PoolConfig, log: Log): pg.Pool {
  const pool = new pg.Pool({ ...settings, pipeline: true });
  // The pool listens to idle connections only; one that dies in use would end the process.
  pool.on('connect', (client) => {
    client.on('error', (error) => log.warn('database connection lost', { error }));
  });
  pool.on('error', (error) => log.warn('idle database connection lost', { error }));
  return pool;
}

function retryOnRotatedPassword(pool: pg.Pool, credential: Options['credential']): Acquire {
  return async () => {
    try {
      return await pool.connect();
    } catch (error) {
      if ((error as { code?: string }).code !== '28P01') throw error;
      await credential(true);
      return pool.connect();
    }
  };
}
