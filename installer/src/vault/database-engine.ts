import { Fault } from '../fault.ts';
import { requestVault } from './request.ts';
import type { VaultReply, VaultRequest } from './request.ts';

const mount = 'casemate-database';
/** The plan of SEC-03: every 90 days, by the engine itself. */
const rotationPeriod = '2160h';

export type DatabaseEngine = {
  socketPath: string;
  /** Of the operator. */
  token: string;
  /**
   * As the key service's own process reaches it: the folder of its socket, or a host with the
   * authority that its certificate is verified against.
   */
  database: { socketDir: string; port: number; caFile?: string | null };
};

/** Whether the engine reaches this database as the rotator, and knows each of the accounts. */
export async function engineIsReady(
  engine: DatabaseEngine,
  logins: readonly string[],
): Promise<boolean> {
  if (!(await isConnected(engine))) return false;
  const known = await listManaged(engine);
  const left = await listStored(engine);
  return logins.every((login) => known.includes(login)) && left.length === 0;
}

/** Whether the engine is set up for the database at this place. */
export async function isConnected(engine: DatabaseEngine): Promise<boolean> {
  const { body } = await ask(engine, { method: 'GET', path: `${mount}/config/casemate` });
  const details = body.data?.['connection_details'] as { connection_url?: string } | undefined;
  return details?.connection_url === connectionUrl(engine);
}

/**
 * Hands the engine the rotator's account. The password given here is replaced at once by one that
 * only the engine knows.
 */
export async function connectEngine(engine: DatabaseEngine, password: string): Promise<void> {
  await must(engine, {
    path: `${mount}/config/casemate`,
    body: {
      plugin_name: 'postgresql-database-plugin',
      connection_url: connectionUrl(engine),
      allowed_roles: ['casemate_*'],
      username: 'casemate_rotator',
      password,
      // The engine makes the verifier: no password ever stands in a statement.
      password_authentication: 'scram-sha-256',
      password_policy: 'casemate-database',
      max_open_connections: 2,
      // None is kept: one is needed for a moment in months.
      max_idle_connections: -1,
      root_rotation_statements: [`alter role "{{username}}" password '{{password}}'`],
    },
  });
  await must(engine, { path: `${mount}/rotate-root/casemate`, body: {} });
}

/** Lets the engine manage the account: it draws a password at once, and anew every 90 days. */
export async function manageAccounts(
  engine: DatabaseEngine,
  logins: readonly string[],
): Promise<number> {
  const known = await listManaged(engine);
  const missing = logins.filter((login) => !known.includes(login));
  for (const login of missing) {
    await must(engine, {
      path: `${mount}/static-roles/${login}`,
      body: {
        db_name: 'casemate',
        username: login,
        rotation_period: rotationPeriod,
        rotation_statements: [`select casemate_rotation.set_password('{{name}}', '{{password}}')`],
      },
    });
  }
  return missing.length;
}

/** Draws the passwords of those that are managed anew, in the engine and in the database. */
export async function rotateAccounts(
  engine: DatabaseEngine,
  logins: readonly string[],
): Promise<void> {
  const known = await listManaged(engine);
  for (const login of logins.filter((one) => known.includes(one)))
    await must(engine, { path: `${mount}/rotate-role/${login}`, body: {} });
}

/** Removes every version of the passwords that releases before the engine kept in kv. */
export async function removeStored(engine: DatabaseEngine): Promise<void> {
  for (const name of await listStored(engine)) {
    await must(engine, { method: 'DELETE', path: `kv/metadata/database/${name}` });
  }
}

async function listManaged(engine: DatabaseEngine): Promise<string[]> {
  return listKeys(engine, `${mount}/static-roles`);
}

async function listStored(engine: DatabaseEngine): Promise<string[]> {
  return listKeys(engine, 'kv/metadata/database');
}

async function listKeys(engine: DatabaseEngine, path: string): Promise<string[]> {
  const { status, body } = await ask(engine, { method: 'LIST', path });
  return status === 200 ? ((body.data?.['keys'] as string[] | undefined) ?? []) : [];
}

function connectionUrl({ database }: DatabaseEngine): string {
  const { socketDir, port, caFile } = database;
  const place = new URLSearchParams({
    host: socketDir,
    port: String(port),
    ...(caFile ? { sslmode: 'verify-full', sslrootcert: caFile } : {}),
  });
  return `postgres://{{username}}:{{password}}@/casemate?${place.toString()}`;
}

type Call = { method?: VaultRequest['method']; path: string; body?: unknown };

function ask(engine: DatabaseEngine, { method = 'POST', ...call }: Call): Promise<VaultReply> {
  return requestVault({ socketPath: engine.socketPath, token: engine.token, method, ...call });
}

async function must(engine: DatabaseEngine, call: Call): Promise<void> {
  const { status, body } = await ask(engine, call);
  if (status < 300) return;
  throw new Fault('The key service could not take over the passwords of the database', {
    why: `${call.path} answered ${status}: ${(body.errors ?? []).join('; ')}`,
    next: 'Run the command again; it takes up where it stopped.',
  });
}
