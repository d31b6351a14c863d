import { existsSync } from 'node:fs';
import { open, readFile, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../app-error.ts';
import type { Config } from '../config/config-schema.ts';
import type { VaultTransport } from './vault-client.ts';

export type VaultToken = { token: string; expiresAt: number; renewable: boolean };

const WAIT_MS = 20_000;
const POLL_MS = 100;

/**
 * On a cluster signs in as the service account (the token is read anew each time, since the cluster
 * renews it); elsewhere as `signInWithRole` does.
 */
export async function signInToVault(
  config: Config,
  transport: VaultTransport,
  now: () => number,
): Promise<VaultToken> {
  const role = config.CASEMATE_VAULT_KUBERNETES_ROLE;
  if (!role) return signInWithRole(config, transport, now);
  const jwt = await readFile(named(config, 'CASEMATE_VAULT_KUBERNETES_TOKEN_FILE'), 'utf8');
  const answer = await transport.send('POST', 'auth/kubernetes/login', {
    token: null,
    body: { role, jwt: jwt.trim() },
  });
  if (!answer.auth) throw new AppError('unavailable', 'The key service refused the sign-in');
  return tokenOf(answer.auth, now);
}

type FileSetting =
  | 'CASEMATE_VAULT_KUBERNETES_TOKEN_FILE'
  | 'CASEMATE_VAULT_ROLE_ID_FILE'
  | 'CASEMATE_VAULT_WRAPPED_SECRET_ID_FILE'
  | 'CASEMATE_VAULT_REQUEST_FILE';

/** `readConfig` has seen to it that the one that is needed is there. */
function named(config: Config, name: FileSetting): string {
  const file = config[name];
  if (file) return file;
  throw new AppError('unavailable', `${name} names no file`);
}

/**
 * Signs in with the role id and a response-wrapped, single-use secret-id. The wrapping token is
 * deleted before it is used; when none is there, a request file asks the supervisor for one.
 * Throws `unavailable` when none arrives within 20 s.
 */
async function signInWithRole(
  config: Config,
  transport: VaultTransport,
  now: () => number,
): Promise<VaultToken> {
  const file = named(config, 'CASEMATE_VAULT_ROLE_ID_FILE');
  const roleId = (await readFile(file, 'utf8')).trim();
  const wrapping = await takeWrappingToken(config);
  const unwrapped = await transport.send('POST', 'sys/wrapping/unwrap', { token: wrapping });
  const secretId = unwrapped.data?.['secret_id'];
  const answer = await transport.send('POST', 'auth/approle/login', {
    token: null,
    body: { role_id: roleId, secret_id: secretId },
  });
  if (!answer.auth) throw new AppError('unavailable', 'The key service refused the sign-in');
  return tokenOf(answer.auth, now);
}

export function tokenOf(
  auth: { client_token: string; lease_duration: number; renewable: boolean },
  now: () => number,
): VaultToken {
  return {
    token: auth.client_token,
    expiresAt: now() + auth.lease_duration * 1000,
    renewable: auth.renewable,
  };
}

async function takeWrappingToken(config: Config): Promise<string> {
  const file = named(config, 'CASEMATE_VAULT_WRAPPED_SECRET_ID_FILE');
  const deadline = Date.now() + WAIT_MS;
  for (;;) {
    if (existsSync(file)) {
      const token = (await readFile(file, 'utf8')).trim();
      await rm(file, { force: true });
      if (token !== '') return token;
    }
    await askForOne(named(config, 'CASEMATE_VAULT_REQUEST_FILE'));
    if (Date.now() > deadline)
      throw new AppError(
        'unavailable',
        'No wrapped secret-id arrived: is the supervisor running? See `casemate status`.',
      );
    await sleep(POLL_MS);
  }
}

async function askForOne(requestFile: string): Promise<void> {
  if (existsSync(requestFile)) return;
  const handle = await open(requestFile, 'a', 0o600);
  await handle.close();
}
