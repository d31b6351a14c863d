import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Secret } from '../secret.ts';

/** The dashboard's; of the appliance's own authority it is renewed daily when it is time (NET-01). */
export const dashboardCertificate: Secret = {
  name: 'certificate',
  title: 'Certificate of the dashboard and its key',
  kind: 'certificate',
  periodDays: 367,
  rotatedBy: 'appliance',
  how: 'A new key and certificate of the same authority are put in place together, and the server takes them up without a restart.',
  read: async ({ config }) => {
    const file = config.CASEMATE_TLS_CERT_FILE;
    const certificate = new X509Certificate(await readFile(file));
    const origin = await readFile(join(dirname(file), 'origin'), 'utf8').catch(() => '');
    return {
      count: 1,
      madeAt: new Date(certificate.validFrom),
      endsAt: new Date(certificate.validTo),
      ...(origin.trim() === 'customer' ? { note: 'Yours: import a new one in time' } : {}),
    };
  },
};
