import type { Config } from '../config/config-schema.ts';
import type { Log } from '../log.ts';
import { signInToVault, tokenOf, type VaultToken } from './sign-in.ts';
import {
  createVaultTransport,
  VaultError,
  type VaultAnswer,
  type VaultClient,
  type VaultTransport,
} from './vault-client.ts';

type Options = { config: Config; log: Log; transport?: VaultTransport; now?: () => number };

/**
 * A client that keeps itself signed in: renews its token at two thirds of its life, and after an
 * outage longer than the token signs in anew with a fresh wrapped secret-id.
 */
export function createVault({ config, log, transport, now = Date.now }: Options): VaultClient {
  const wire = transport ?? createVaultTransport(config);
  let held: VaultToken | undefined;
  let renewAt = 0;
  let pending: Promise<VaultToken> | undefined;

  const obtain = async (): Promise<VaultToken> => {
    if (held?.renewable && now() < held.expiresAt) {
      try {
        const answer = await wire.send('POST', 'auth/token/renew-self', { token: held.token });
        if (answer.auth && answer.auth.lease_duration > 60) return tokenOf(answer.auth, now);
      } catch (error) {
        log.warn('key service token could not be renewed', { error });
      }
    }
    return signInToVault(config, wire, now);
  };
  const token = async (): Promise<string> => {
    if (held && now() < renewAt) return held.token;
    pending ??= obtain().finally(() => (pending = undefined));
    held = await pending;
    renewAt = now() + ((held.expiresAt - now()) * 2) / 3;
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
      const expired = error instanceof VaultError && error.statusCode === 403;
      if (!expired || held?.token !== used || (await stillValid(wire, used))) throw error;
      held = undefined;
      renewAt = 0;
      return wire.send(method, path, options(await token()));
    }
  };
  return {
    calls: wire.calls,
    read: async (path) => (await call('GET', path)).data ?? {},
    write: async (path, body) => (await call('POST', path, body)).data ?? {},
    remove: async (path) => {
      await call('DELETE', path);
    },
  };
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
