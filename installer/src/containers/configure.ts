import { readFile } from 'node:fs/promises';
import { loginAccounts } from '../database/login-accounts.ts';
import { Fault } from '../fault.ts';
import { waitUntil } from '../host/wait-until.ts';
import {
  connectEngine,
  isConnected,
  manageAccounts,
  type DatabaseEngine,
} from '../vault/database-engine.ts';
import { ensureKeyService } from '../vault/ensure-key-service.ts';
import { logIn, logOut } from '../vault/log-in.ts';
import { waitForVault } from '../vault/wait-for-vault.ts';
import { credentialOf } from './credential.ts';
import type { ContainerSettings } from './settings.ts';

const WAIT_MS = 300_000;

/**
 * What the installer does between the start of the parts and the first migration: brings engines,
 * policies, roles and keys up to this version, and lets the key service draw the database passwords.
 * May be interrupted and run again.
 */
export async function configure(settings: ContainerSettings): Promise<void> {
  await waitForVault(settings.vault, WAIT_MS, () => false);
  const operator = await credentialOf('operator', settings);
  const changes = await ensureKeyService({
    socketPath: settings.vault,
    operator,
    // Roles sign in as service accounts, or with an id that the issuer reads at the key service.
    writeRoleId: () => Promise.resolve(),
  });
  say(`key service: ${changes.length} changes`);
  const token = await logIn(settings.vault, operator);
  const engine: DatabaseEngine = {
    socketPath: settings.vault,
    token,
    database: {
      socketDir: settings.database.host,
      port: settings.database.port,
      caFile: settings.database.caFile,
    },
  };
  try {
    await connect(engine, settings.rotatorPasswordFile);
    say(`database passwords drawn: ${await manageAccounts(engine, loginAccounts)}`);
  } finally {
    await logOut(settings.vault, token);
  }
}

/** The password is worth nothing after the first connection: the engine has drawn another. */
async function connect(engine: DatabaseEngine, passwordFile: string): Promise<void> {
  if (await isConnected(engine)) return;
  const password = (await readFile(passwordFile, 'utf8')).trim();
  let last: unknown;
  const connected = await waitUntil(async () => {
    try {
      await connectEngine(engine, password);
      return true;
    } catch (error) {
      last = error;
      return false;
    }
  }, WAIT_MS);
  if (!connected)
    throw new Fault('The key service cannot reach the database', {
      why: last instanceof Fault ? `${last.message} ${last.why ?? ''}` : String(last),
      cause: last,
    });
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
