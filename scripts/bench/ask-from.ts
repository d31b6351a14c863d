import https from 'node:https';
import type { BenchAppliance } from './bench-appliance.ts';

export type Answer = { status: number; ms: number; text: string; cookies: string[] };

type Asked = {
  path: string;
  json?: object;
  headers?: Record<string, string>;
  /** A loopback address of one's own: nobody else's limits are used up. */
  from: string;
};

/**
 * Posts over a connection of its own and takes any answer. `ms` is from sending the request to the end of the
 * answer; the handshakes before it are not in it.
 */
export function askFrom({ port, ca }: BenchAppliance, asked: Asked): Promise<Answer> {
  const { path, json, headers = {}, from } = asked;
  const agent = new https.Agent({ keepAlive: true, maxSockets: 1, ca });
  const place = { agent, host: '127.0.0.1', servername: 'localhost', port, localAddress: from };
  const send = (method: string, target: string, body?: string): Promise<Answer> =>
    new Promise((done, fail) => {
      const type = body === undefined ? {} : { 'content-type': 'application/json' };
      const started = performance.now();
      const request = https.request(
        { ...place, method, path: target, headers: { ...headers, ...type } },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () =>
            done({
              status: response.statusCode ?? 0,
              ms: performance.now() - started,
              text: Buffer.concat(chunks).toString('utf8'),
              cookies: response.headers['set-cookie'] ?? [],
            }),
          );
        },
      );
      request.on('error', fail);
      request.end(body);
    });
  return send('GET', '/health/live')
    .then(() => send('POST', path, json && JSON.stringify(json)))
    .finally(() => agent.destroy());
}

/** Loopback addresses, one after another, none of them the bench's own. */
export function* addresses(): Generator<string, never> {
  for (let number = 0; ; number += 1) {
    const [third, fourth] = [Math.floor(number / 250), number % 250];
    yield `127.${1 + (Math.floor(third / 250) % 250)}.${third % 250}.${1 + fourth}`;
  }
}
