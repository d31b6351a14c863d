import pg from 'pg';
import type { Config } from '../config/config-schema.ts';
import type { Log } from '../log.ts';
import type { ControlTx, TenantScope, TenantTx } from './types.ts';
import { readControl, withControl } from './with-control.ts';
import { readTenant, withAuditor, withTenant, type Acquire } from './with-tenant.ts';

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
  readonly pool: pg.Pool;
  close(): Promise<void>;
};

type Options = {
  config: Config;
  log: Log;
  /** Asked again when the database answers 28P01: the password has rotated. */
  credential: (fresh: boolean) => Promise<DatabaseCredential>;
};

const MAX_CONNECTION_SECONDS = 30 * 60;

/** The pool of one database account. Connections pipeline and are recycled by age and use. */
export async function createDatabase({ config, log, credential }: Options): Promise<Database> {
  const { username } = await credential(false);
  const settings: pg.PoolConfig = {
    host: config.CASEMATE_DATABASE_HOST,
    port: config.CASEMATE_DATABASE_PORT,
    database: config.CASEMATE_DATABASE_NAME,
    user: username,
    password: async () => (await credential(false)).password,
    max: config.CASEMATE_DATABASE_POOL,
    idleTimeoutMillis: 60_000,
    connectionTimeoutMillis: 5_000,
    maxLifetimeSeconds: MAX_CONNECTION_SECONDS,
    application_name: 'casemate',
  };
  const pool = new pg.Pool({ ...settings, pipeline: true });
  pool.on('error', (error) => log.warn('database connection lost', { error }));
  const acquire = retryOnRotatedPassword(pool, credential);
  return {
    pool,
    inTenant: (scope, work) => withTenant(acquire, scope, work),
    readTenant: (scope, work) => readTenant(acquire, scope, work),
    inAuditor: (scope, work) => withAuditor(acquire, scope, work),
    inControl: (work) => withControl(acquire, work),
    readControl: (work) => readControl(acquire, work),
    listen: (channel, heard) => listen({ settings, channel, heard, log }),
    close: () => pool.end(),
  };
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

type Listening = {
  settings: pg.ClientConfig;
  channel: string;
  heard: (payload: string) => void;
  log: Log;
};

async function listen({ settings, channel, heard, log }: Listening): Promise<() => Promise<void>> {
  if (!/^[a-z_]{1,40}$/.test(channel)) throw new Error('listen: bad channel name');
  let closed = false;
  let client: pg.Client | undefined;
  const connect = async (): Promise<void> => {
    client = new pg.Client(settings);
    client.on('notification', (message) => heard(message.payload ?? ''));
    client.on('error', (error) => log.warn('notification connection lost', { error }));
    client.on('end', reconnect);
    await client.connect();
    await client.query(`LISTEN ${channel}`);
  };
  const reconnect = (): void => {
    if (closed) return;
    setTimeout(() => {
      if (!closed) connect().catch(reconnect);
    }, 1_000).unref();
  };
  await connect();
  return async () => {
    closed = true;
    await client?.end();
  };
}
