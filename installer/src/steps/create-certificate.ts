import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import path from 'node:path';
import { ensureServerCertificate } from '../certificates/ensure-server-certificate.ts';
import { getAccounts } from '../host/get-accounts.ts';
import type { InstanceSettings } from '../instance/settings.ts';
import type { Step } from './step.ts';

const renewWithin = 30 * 24 * 3600 * 1000;

/** The appliance's own authority and its certificate for the server; a customer's is left alone. */
export const createCertificate: Step = {
  id: 'create-certificate',
  title: 'Issue the certificate of the server',
  isDone: async ({ paths, settings }) => {
    const current = path.join(paths.tlsDir, 'current');
    const origin = await readFile(path.join(current, 'origin'), 'utf8').catch(() => '');
    if (origin.trim() === 'customer') return true;
    const pem = await readFile(path.join(current, 'server.crt'), 'utf8').catch(() => null);
    if (pem === null) return false;
    const certificate = new X509Certificate(pem);
    const lasts = Date.parse(certificate.validTo) - Date.now() > renewWithin;
    return lasts && certificate.checkHost(settings.hostName) !== undefined;
  },
  apply: async ({ layout, paths, settings }) => {
    const owner = getAccounts(layout)['casemate'];
    await ensureServerCertificate({
      directory: paths.tlsDir,
      hostName: settings.hostName,
      addresses: addressesOf(settings),
      now: new Date(),
      ...(owner ? { owner: { uid: owner.uid, gid: owner.gid } } : {}),
    });
    return `for ${settings.hostName}`;
  },
};

/** What people may type instead of the name. */
export function addressesOf(settings: Pick<InstanceSettings, 'bindAddress'>): string[] {
  if (settings.bindAddress !== '0.0.0.0' && settings.bindAddress !== '::') {
    return [settings.bindAddress];
  }
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter((address) => !address.internal && !address.address.startsWith('fe80'))
    .map((address) => address.address);
}
