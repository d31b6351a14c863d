import { readFile } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import { checkServerIdentity } from 'node:tls';
import type { HttpAnswer, HttpTarget } from './patient.ts';

const timeout = 5000;

/** One GET. Rejects when nobody answers in five seconds, or when a certificate does not hold. */
export async function sendGet(target: HttpTarget): Promise<HttpAnswer> {
  if ('url' in target) return receive(http.get(target.url, { timeout, agent: false }));
  if ('socketPath' in target) return receive(http.get({ ...target, timeout, agent: false }));
  const { address, port, name, caFile } = target.tls;
  return receive(
    https.get({
      host: address,
      port,
      path: target.path,
      ca: await readFile(caFile),
      // A customer's root need not be here: the highest issuer that is counts as the anchor.
      allowPartialTrustChain: true,
      servername: isIP(name) === 0 ? name : '',
      checkServerIdentity: (_host, certificate) => checkServerIdentity(name, certificate),
      headers: { host: name },
      timeout,
      agent: false,
    }),
  );
}

function receive(request: http.ClientRequest): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    request.on('timeout', () => request.destroy(new Error('no answer in time')));
    request.on('error', reject);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const body = parse(Buffer.concat(chunks).toString('utf8'));
        const location = response.headers.location ?? null;
        resolve({ status: response.statusCode ?? 0, location, body });
      });
    });
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
