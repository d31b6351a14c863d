import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';

export type VaultRequest = {
  /** Path of its Unix socket; across hosts `https://host:port#/path/of/the/authority`. */
  socketPath: string;
  method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'LIST';
  /** Below /v1/, without a leading slash. */
  path: string;
  token?: string;
  body?: unknown;
  /** Asks for the response wrapped in a single-use token that lives this long ("120s"). */
  wrapTtl?: string;
  timeoutMs?: number;
};

export type VaultReply = { status: number; body: VaultBody };

export type VaultBody = {
  data?: Record<string, unknown> | null;
  auth?: { client_token: string; lease_duration: number } | null;
  wrap_info?: { token: string; ttl: number } | null;
  errors?: string[];
  [key: string]: unknown;
};

/** One HTTP call to the key service. Rejects only when the service can't be reached or times out. */
export function requestVault(request: VaultRequest): Promise<VaultReply> {
  const body = request.body === undefined ? undefined : JSON.stringify(request.body);
  const headers = {
    // Marks the call as deliberate, as the agent does; OpenBao may demand it.
    'x-vault-request': 'true',
    ...(request.token ? { 'x-vault-token': request.token } : {}),
    ...(request.wrapTtl ? { 'x-vault-wrap-ttl': request.wrapTtl } : {}),
    ...(body === undefined
      ? {}
      : {
          'content-type': 'application/json',
          // Node sends the body of a DELETE without its length: the next request would be garbage.
          'content-length': Buffer.byteLength(body),
        }),
  };
  return new Promise((resolve, reject) => {
    const { send, place } = reach(request.socketPath);
    const call = send(
      {
        ...place,
        method: request.method,
        path: `/v1/${request.path}`,
        headers,
        timeout: request.timeoutMs ?? 15_000,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({ status: response.statusCode ?? 0, body: parseBody(text) });
        });
      },
    );
    call.on('timeout', () => call.destroy(new Error('The key service did not answer in time')));
    call.on('error', reject);
    call.end(body);
  });
}

/** Over TLS the certificate is verified against the named authority, always. */
function reach(address: string): { send: typeof http.request; place: https.RequestOptions } {
  if (!address.startsWith('https://'))
    return { send: http.request, place: { socketPath: address } };
  const url = new URL(address);
  const file = decodeURIComponent(url.hash.slice(1));
  const place = { host: url.hostname, port: url.port || 443 };
  return {
    send: https.request,
    place: file === '' ? place : { ...place, ca: readFileSync(file) },
  };
}

function parseBody(text: string): VaultBody {
  if (text === '') return {};
  try {
    return JSON.parse(text) as VaultBody;
  } catch {
    return { errors: ['The key service answered with something that is not JSON'] };
  }
}
