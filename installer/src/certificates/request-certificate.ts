import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { certificatePaths, findText } from './certificate-files.ts';
import { serverNames } from './ensure-server-certificate.ts';
import { writeDurably } from './put-into-use.ts';
import { createRequest } from './request.ts';

/**
 * Makes a signing request for a customer's authority. Its key stays here, and stays the same until
 * a certificate was imported for it: a request sent twice fits either answer.
 */
export async function requestCertificate(options: {
  directory: string;
  hostName: string;
  addresses: readonly string[];
}): Promise<string> {
  const { directory, hostName, addresses } = options;
  const loopback = new Set(['localhost', '127.0.0.1', '::1']);
  const [first, ...others] = serverNames(hostName, addresses);
  // No authority but our own signs loopback names.
  const names: [string, ...string[]] = [first, ...others.filter((name) => !loopback.has(name))];
  return createRequest({ names, key: await ensureRequestKey(directory) });
}

async function ensureRequestKey(directory: string): Promise<KeyObject> {
  const { requestKey } = certificatePaths(directory);
  const found = await findText(requestKey);
  if (found !== null) return createPrivateKey(found);
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  await mkdir(directory, { recursive: true, mode: 0o755 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  await writeDurably(requestKey, pem, 0o400);
  return privateKey;
}
