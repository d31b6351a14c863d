import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { certificatePlan } from '../certificates/certificate-plan.ts';
import { ensureServerCertificate } from '../certificates/ensure-server-certificate.ts';
import { describeCertificate } from '../certificates/describe-certificate.ts';
import { renewWithinDays } from '../certificates/renewal-reason.ts';
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

async function issue({ layout, settings }: InstallContext): Promise<string> {
  await ensureServerCertificate(certificatePlan(layout, settings));
  return `for ${settings.hostName}`;
}
