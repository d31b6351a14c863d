import type { Config } from '../config/config-schema.ts';
import type { Log } from '../log.ts';
import { createDevelopmentVault } from './development-vault.ts';
import { signInToVault, tokenOf, type VaultToken } from './sign-in.ts';
import {
  createVaultTransport,
  VaultError,
  type VaultAnswer,
  type VaultClient,
  type VaultTransport,
} from './vault-client.ts';

type Options = { config: Config; log: Log; transport?: VaultTransport; now?: () => number };

const RETRY_MS = 60_000;

/**
 * A client that keeps itself signed in. It renews its token from two thirds of its life on, beside
 * the calls and never before them; when the token can be renewed no longer, or was lost, it signs in
 * anew with a fresh wrapped secret-id.
 */
export function createVault({ config, log, transport, now = Date.now }: Options): VaultClient {
  if (config.CASEMATE_DEVELOPMENT_KEYS_DIR && config.CASEMATE_MODE !== 'production')
    return createDevelopmentVault(config.CASEMATE_DEVELOPMENT_KEYS_DIR, log);
  const wire = transport ?? createVaultTransport(config);
  let held: VaultToken | undefined;
  let renewAt = 0;
  let signingIn: Promise<VaultToken> | undefined;
  let renewing = false;

  const hold = (fresh: VaultToken): VaultToken => {
    held = fresh;
    renewAt = now() + ((fresh.expiresAt - now()) * 2) / 3;
    return fresh;
  };
  const signIn = (): Promise<VaultToken> => {
    signingIn ??= signInToVault(config, wire, now)
      .then(hold)
      .finally(() => (signingIn = undefined));
    return signingIn;
  };
  const renew = async (current: VaultToken): Promise<void> => {
    const fresh = current.renewable ? await renewed(wire, current.token, now) : undefined;
    if (held !== current) return;
    if (fresh) hold(fresh);
    else await signIn();
  };
  const renewBeside = (current: VaultToken): void => {
    if (renewing) return;
    renewing = true;
    renewAt = now() + RETRY_MS;
    renew(current)
      .catch((error: unknown) => log.warn('key service token could not be renewed', { error }))
      .finally(() => (renewing = false));
  };
  const token = async (): Promise<string> => {
    if (!held || now() >= held.expiresAt) return (await signIn()).token;
    if (now() >= renewAt) renewBeside(held);
    return held.token;
  };
  const call = async (
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    body?: Record<string, unknown>,
  ): Promise<VaultAnswer> => {
    const used = await token();
    const options = (value: string): { token: string; body?: Record<string, unknown> } =>
      body ? { token: value, body } : { token: value };
    try {
      return await wire.send(method, path, options(used));
    } catch (error) {
      if (!(error instanceof VaultError) || error.statusCode !== 403) throw error;
      // Another call may have replaced the lost token while this one waited for its refusal.
      if (held?.token === used && (await stillValid(wire, used))) throw error;
      if (held?.token === used) held = undefined;
      return wire.send(method, path, options(await token()));
    }
  };
  return {
    calls: wire.calls,
    answeredAt: wire.answeredAt,
    read: async (path) => (await call('GET', path)).data ?? {},
    write: async (path, body) => (await call('POST', path, body)).data ?? {},
    remove: async (path) => {
      await call('DELETE', path);
    },
  };
}

/** Nothing when the token has reached the end of what it may live, or is not known any longer. */
async function renewed(
  wire: VaultTransport,
  token: string,
  now: () => number,
): Promise<VaultToken | undefined> {
  try {
    const { auth } = await wire.send('POST', 'auth/token/renew-self', { token });
    return auth && auth.lease_duration > 60 ? tokenOf(auth, now) : undefined;
  } catch (error) {
    if (error instanceof VaultError) return undefined;
    throw error;
  }
}

/** A 403 means either a policy (the token lives) or a lost token; only the second is signed in again. */
async function stillValid(wire: VaultTransport, token: string): Promise<boolean> {
  try {
    await wire.send('GET', 'auth/token/lookup-self', { token });
    return true;
  } catch (error) {
    if (error instanceof VaultError) return false;
    throw error;
  }
}
