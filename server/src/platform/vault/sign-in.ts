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
 * Signs in with the role id and a response-wrapped, single-use secret-id. The wrapping token is
 * deleted before it is used; when none is there, a request file asks the supervisor for one.
 * Throws `unavailable` when none arrives within 20 s.
 */
export async function signInToVault(
  config: Config,
  transport: VaultTransport,
  now: () => number,
): Promise<VaultToken> {
  const roleId = (await readFile(config.CASEMATE_VAULT_ROLE_ID_FILE, 'utf8')).trim();
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
  const file = config.CASEMATE_VAULT_WRAPPED_SECRET_ID_FILE;
  const deadline = Date.now() + WAIT_MS;
  for (;;) {
    if (existsSync(file)) {
      const token = (await readFile(file, 'utf8')).trim();
      await rm(file, { force: true });
      if (token !== '') return token;
    }
    await askForOne(config.CASEMATE_VAULT_REQUEST_FILE);
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
