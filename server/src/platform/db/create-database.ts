import pg from 'pg';
import type { PoolClient } from 'pg';
import type { Config } from '../config/config-schema.ts';
import type { Log } from '../log.ts';
import type { Deadline } from '../resilience/deadline.ts';
import { holdLock } from './hold-lock.ts';
import { listen } from './listen.ts';
import { databaseAddress } from './database-address.ts';
import { createTenantPools } from './tenant-pools.ts';
import type { Acquire } from './transaction.ts';
import type { ControlTx, PlatformLogTx, TenantScope, TenantTx } from './types.ts';
import { readControl, withControl, withPlatformAuditor } from './with-control.ts';
import { readTenant, withAuditor, withRekeyer, withTenant } from './with-tenant.ts';

export type DatabaseCredential = { username: string; password: string };

/**
 * The password of a login role (`casemate_server`, `casemate_server_0`, …). Asked with `fresh` when
 * the database answers 28P01: it has rotated.
 */
export type CredentialOf = (login: string, fresh: boolean) => Promise<DatabaseCredential>;

export type Database = {
  inTenant<T>(scope: TenantScope, work: (tx: TenantTx) => Promise<T>): Promise<T>;
  /** One statement, one round trip. */
  readTenant<T>(scope: TenantScope, work: (tx: TenantTx) => Promise<T>): Promise<T>;
  inAuditor<T>(scope: TenantScope, work: (tx: TenantTx) => Promise<T>): Promise<T>;
  inRekeyer<T>(scope: TenantScope, work: (tx: TenantTx) => Promise<T>): Promise<T>;
  inControl<T>(work: (tx: ControlTx) => Promise<T>, deadline?: Deadline): Promise<T>;
  inPlatformAuditor<T>(work: (tx: PlatformLogTx) => Promise<T>): Promise<T>;
  readControl<T>(work: (tx: ControlTx) => Promise<T>): Promise<T>;
  /** Calls `heard` for each notification; reconnects by itself until closed. */
  listen(channel: string, heard: (payload: string) => void): Promise<() => Promise<void>>;
  /** Holds an advisory lock until its result is called or the process ends; null when another has it. */
  hold(key: number): Promise<(() => Promise<void>) | null>;
  close(): Promise<void>;
};

type Options = {
  config: Config;
  log: Log;
  /** The role with which the program signs in itself. */
  login: string;
  credential: CredentialOf;
  /** A connection of the program's own login ends after so many uses; nothing: by its age alone. */
  usesPerConnection?: number;
};

const MAX_CONNECTION_SECONDS = 30 * 60;
/** Chosen by measure: `scripts/bench.sh backend`. */
const TENANTS_PER_CONNECTION = 250;

/**
 * Two kinds of pools: that of the program's own login role for the control schema, and one for each
 * bucket of tenants (`casemate_server_<bucket>`), whose role may become a tenant's and has no grant
 * of its own. What is injected into a tenant's statement and resets its role stands before nothing.
 */
export async function createDatabase(options: Options): Promise<Database> {
  const { config, log, login, credential, usesPerConnection = Infinity } = options;
  await credential(login, false);
  const settingsOf = (user: string): pg.PoolConfig => ({
    ...databaseAddress(config),
    user,
    password: async () => (await credential(user, false)).password,
    max: config.CASEMATE_DATABASE_POOL,
    idleTimeoutMillis: 60_000,
    connectionTimeoutMillis: 5_000,
    maxLifetimeSeconds: MAX_CONNECTION_SECONDS,
    application_name: 'casemate',
  });
  const control = createPool({ ...settingsOf(login), maxUses: usesPerConnection }, log);
  const ofControl: Acquire = () => connect(control, login, credential);
  const tenants = createTenantPools({
    createPool: (user) => createPool(settingsOf(user), log),
    connect: (pool, user) => connect(pool, user, credential),
    budget: config.CASEMATE_DATABASE_POOL,
    tenantsPerConnection: TENANTS_PER_CONNECTION,
  });
  return {
    inTenant: (scope, work) => withTenant(tenants.acquireFor(scope), scope, work),
    readTenant: (scope, work) => readTenant(tenants.acquireFor(scope), scope, work),
    inAuditor: (scope, work) => withAuditor(tenants.acquireFor(scope), scope, work),
    inRekeyer: (scope, work) => withRekeyer(tenants.acquireFor(scope), scope, work),
    inControl: (work, deadline) => withControl(ofControl, work, deadline),
    inPlatformAuditor: (work) => withPlatformAuditor(ofControl, work),
    readControl: (work) => readControl(ofControl, work),
    listen: (channel, heard) =>
      listen({
        settings: settingsOf(login),
        renewPassword: () => credential(login, true),
        channel,
        heard,
        log,
      }),
    hold: (key) =>
      holdLock({ settings: settingsOf(login), renewPassword: () => credential(login, true), key }),
    close: async () => {
      await Promise.all([control.end(), tenants.close()]);
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

/** Once more with a fresh password when the one at hand has rotated. */
async function connect(
  pool: pg.Pool,
  login: string,
  credential: CredentialOf,
): Promise<PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    if ((error as { code?: string }).code !== '28P01') throw error;
    await credential(login, true);
    return pool.connect();
  }
}
