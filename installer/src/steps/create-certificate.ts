import { readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import path from 'node:path';
import { authoritySigner } from '../certificates/authority-signer.ts';
import { ensureServerCertificate } from '../certificates/ensure-server-certificate.ts';
import { describeCertificate } from '../certificates/describe-certificate.ts';
import { renewWithinDays } from '../certificates/renewal-reason.ts';
import { getAccounts } from '../host/get-accounts.ts';
import type { InstanceSettings } from '../instance/settings.ts';
import type { InstallContext, Step } from './step.ts';

/** The first one, before the key service runs: the appliance's own authority, and a server's. */
export const createCertificate: Step = {
  id: 'create-certificate',
  title: 'Issue the certificate of the server',
  isDone: async ({ paths }) => {
    const file = path.join(paths.tlsDir, 'current', 'server.crt');
    return (await readFile(file, 'utf8').catch(() => null)) !== null;
  },
  apply: (context) => issue(context),
};

/** A later one, by the authority in the key service; a customer's is left alone. */
export const renewCertificate: Step = {
  id: 'renew-certificate',
  title: 'Renew the certificate of the server',
  isDone: async ({ paths, settings }) => {
    const found = await describeCertificate(paths.tlsDir, new Date());
    if (found?.origin === 'customer') return true;
    const named = found?.names.includes(settings.hostName.toLowerCase()) ?? false;
    return named && (found?.daysLeft ?? 0) >= renewWithinDays;
  },
  apply: (context) => issue(context),
};

async function issue({ layout, paths, settings }: InstallContext): Promise<string> {
  const owner = getAccounts(layout)['casemate'];
  await ensureServerCertificate({
    directory: paths.tlsDir,
    hostName: settings.hostName,
    addresses: addressesOf(settings),
    now: new Date(),
    sign: authoritySigner(paths),
    ...(owner ? { owner: { uid: owner.uid, gid: owner.gid } } : {}),
  });
  return `for ${settings.hostName}`;
}

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
