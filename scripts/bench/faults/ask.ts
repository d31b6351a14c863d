import https from 'node:https';
import type { BenchAppliance } from '../bench-appliance.ts';

export type Asked = { token?: string; json?: unknown; raw?: Buffer; timeoutMs?: number };
export type Answered = { status: number; text: string };

/** One request that does not wait for ever; rejects when there was no whole answer. */
export function ask(
  { port, ca, agent }: Pick<BenchAppliance, 'port' | 'ca' | 'agent'>,
  [method, path]: readonly [string, string],
  { token, json, raw, timeoutMs = 15_000 }: Asked = {},
): Promise<Answered> {
  const body = raw ?? (json === undefined ? undefined : JSON.stringify(json));
  const type = raw ? 'application/octet-stream' : 'application/json';
  return new Promise((resolve, reject) => {
    const request = https.request(
      {
        ...{ agent, ca, host: '127.0.0.1', servername: 'localhost', port, method, path },
        signal: AbortSignal.timeout(timeoutMs),
        headers: {
          ...(token ? { authorization: `Bearer ${token}` } : {}),
          ...(body === undefined ? {} : { 'content-type': type }),
        },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('error', reject);
        response.on('close', () => {
          if (response.complete) resolve({ status: response.statusCode ?? 0, text });
          else reject(new Error('the answer was cut'));
        });
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}
