import { setTimeout as sleep } from 'node:timers/promises';
import {
  AppError,
  VaultError,
  type CredentialOf,
  type DatabaseCredential,
  type VaultClient,
} from '../platform/index.ts';

type Held = { credential: DatabaseCredential; readAt: number; changedAt: number };

/** A password is read again after this time, so that a connection made later starts with the present one. */
const HOLD_MS = 5 * 60_000;
/** The database knows a new password moments before the key service tells it. */
const LAG_MS = 2_000;
const POLL_MS = 50;

/**
 * Passwords of login roles, as the key service's database engine holds them; it draws and rotates
 * them, and nobody else knows them. Asked for a fresh one (the database answered 28P01), it waits up
 * to two seconds for another than the one at hand. While the key service is away, the last one read
 * stays in use.
 */
export function databaseCredential(
  vault: VaultClient,
  now: () => number = () => performance.now(),
): CredentialOf {
  const held = new Map<string, Held>();
  const reading = new Map<string, Promise<DatabaseCredential>>();

  const read = async (login: string): Promise<DatabaseCredential> => {
    const credential = await readCredential(vault, login);
    const known = held.get(login);
    const same = known?.credential.password === credential.password;
    held.set(login, { credential, readAt: now(), changedAt: same ? known.changedAt : now() });
    return credential;
  };
  const readFresh = async (login: string): Promise<DatabaseCredential> => {
    const before = held.get(login);
    // Others were refused with the password that this one was: theirs is the fresh one already.
    if (before && now() - before.changedAt < LAG_MS) return read(login);
    const deadline = now() + LAG_MS;
    for (;;) {
      const credential = await read(login);
      if (credential.password !== before?.credential.password || now() > deadline)
        return credential;
      await sleep(POLL_MS);
    }
  };
  const once = (
    login: string,
    how: (login: string) => Promise<DatabaseCredential>,
  ): Promise<DatabaseCredential> => {
    const running = reading.get(login) ?? how(login).finally(() => reading.delete(login));
    reading.set(login, running);
    return running;
  };
  return async (login, fresh) => {
    const known = held.get(login);
    if (fresh) return once(login, readFresh);
    if (known && now() - known.readAt < HOLD_MS) return known.credential;
    try {
      return await once(login, read);
    } catch (error) {
      if (known) return known.credential;
      throw error;
    }
  };
}

/**
 * From the engine; where it does not manage this account (a database of the customer's own), from
 * the place in kv that the operator fills: `kv/data/database/<server|provisioner|migrator>`.
 */
async function readCredential(vault: VaultClient, login: string): Promise<DatabaseCredential> {
  const managed = await findStatic(vault, login);
  const stored = managed ?? (await findStored(vault, login));
  if (!stored)
    throw new AppError('unavailable', `The key service holds no database password for ${login}`);
  return stored;
}

async function findStatic(
  vault: VaultClient,
  login: string,
): Promise<DatabaseCredential | undefined> {
  const found = await findAt(vault, `casemate-database/static-creds/${login}`);
  const password = found?.['password'];
  return typeof password === 'string' && password !== ''
    ? { username: login, password }
    : undefined;
}

/** All login roles of the server share one password there: they are one process. */
async function findStored(
  vault: VaultClient,
  login: string,
): Promise<DatabaseCredential | undefined> {
  const account = login.replace(/^casemate_/, '').replace(/_\d+$/, '');
  const found = await findAt(vault, `kv/data/database/${account}`);
  const { password } = (found?.['data'] ?? {}) as { password?: string };
  return password ? { username: login, password } : undefined;
}

/** The engine answers 400 for a role that it does not know, kv 404 for a secret. */
async function findAt(
  vault: VaultClient,
  path: string,
): Promise<Record<string, unknown> | undefined> {
  try {
    return await vault.read(path);
  } catch (error) {
    const unknown = error instanceof VaultError && [400, 404].includes(error.statusCode);
    if (unknown) return undefined;
    throw error;
  }
}
