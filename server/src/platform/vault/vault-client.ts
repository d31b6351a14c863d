import { readFileSync } from 'node:fs';
import http from 'node:http';
import createNodeVault from 'node-vault';
import { AppError } from '../app-error.ts';
import type { Config } from '../config/config-schema.ts';

/** The answer's `data` member, whose shape depends on the path. */
export type VaultData = Record<string, unknown>;

/** Reads and writes of the key service (OpenBao or Vault) with the signed-in token. */
export type VaultClient = {
  read(path: string): Promise<VaultData>;
  write(path: string, body: VaultData): Promise<VaultData>;
  remove(path: string): Promise<void>;
  /** Calls made so far; the bench `keycalls` reads it. */
  calls(): number;
  /**
   * `performance.now()` when the last call began that an unsealed key service must have answered;
   * -Infinity before the first.
   */
  answeredAt(): number;
};

/** One HTTP conversation with the key service; `token` null for sign-in calls. */
export type VaultTransport = {
  send(method: 'GET' | 'POST' | 'DELETE', path: string, options: SendOptions): Promise<VaultAnswer>;
  calls(): number;
  answeredAt(): number;
};

type SendOptions = { token: string | null; body?: VaultData };
export type VaultAnswer = {
  data?: VaultData;
  auth?: { client_token: string; lease_duration: number; renewable: boolean };
};

/** What the key service answered, without its path's contents. */
export class VaultError extends Error {
  readonly statusCode: number;
  constructor(statusCode: number, message: string, cause: unknown) {
    super(message, { cause });
    this.name = 'VaultError';
    this.statusCode = statusCode;
  }
}

const TIMEOUT_MS = 5_000;

/**
 * node-vault over a Unix socket, or over TLS with the site's CA. Sockets are kept alive: without
 * the agents below each call would pay a connection, and over TLS a handshake.
 */
export function createVaultTransport(config: Config): VaultTransport {
  const socketPath = config.CASEMATE_VAULT_SOCKET;
  const vault = createNodeVault({
    endpoint: socketPath ? 'http://localhost' : (config.CASEMATE_VAULT_ADDR ?? ''),
    requestOptions: socketPath
      ? { httpAgent: socketAgent(socketPath), timeout: TIMEOUT_MS }
      : { agentOptions: tlsAgentOptions(config), timeout: TIMEOUT_MS },
  });
  // node-vault falls back to VAULT_TOKEN of the environment; this client never does.
  vault.token = '';
  let calls = 0;
  let answeredAt = -Infinity;
  const send: VaultTransport['send'] = async (method, path, { token, body }) => {
    const headers = token === null ? {} : { 'X-Vault-Token': token };
    if (method === 'GET') return (await vault.read(path, { headers })) as VaultAnswer;
    if (method === 'DELETE') return ((await vault.delete(path, { headers })) ?? {}) as VaultAnswer;
    return ((await vault.write(path, body ?? {}, { headers })) || {}) as VaultAnswer;
  };
  return {
    calls: () => calls,
    answeredAt: () => answeredAt,
    send: async (method, path, options) => {
      calls += 1;
      const began = performance.now();
      try {
        const answer = await send(method, path, options);
        // What stands under sys/ answers in part while the key service is sealed.
        if (!/(^|\/)sys\//.test(path)) answeredAt = Math.max(answeredAt, began);
        return answer;
      } catch (error) {
        throw asVaultError(error);
      }
    },
  };
}

function socketAgent(socketPath: string): http.Agent {
  return new http.Agent({ keepAlive: true, maxSockets: 16, socketPath } as http.AgentOptions);
}

function tlsAgentOptions(config: Config): object {
  const file = config.CASEMATE_VAULT_CA_FILE;
  return { keepAlive: true, maxSockets: 16, ...(file ? { ca: readFileSync(file) } : {}) };
}

function asVaultError(error: unknown): Error {
  const status = (error as { response?: { statusCode?: number } }).response?.statusCode;
  const message = error instanceof Error ? error.message : 'no answer';
  // One tenant's own seal: the key service is well, and the breaker must not think otherwise.
  if (status === 503 && message.includes('namespace is sealed'))
    return new AppError('sealed', 'This tenant is sealed until a holder of its key opens it', {
      cause: error,
    });
  if (status !== undefined && status < 500) return new VaultError(status, message, error);
  return new AppError('unavailable', 'The key service does not answer; try again in a moment', {
    cause: error,
    retryAfterSeconds: 5,
  });
}
