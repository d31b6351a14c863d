import { rm } from 'node:fs/promises';
import type { X509Certificate } from 'node:crypto';
import { certificatePaths } from './certificate-files.ts';
import { type CertificateImport, checkImport } from './check-import.ts';
import { type FileOwner, putIntoUse } from './put-into-use.ts';

/** Takes a customer's certificate into use after every check; the appliance never replaces it. */
export async function importCertificate(
  directory: string,
  input: CertificateImport,
  owner?: FileOwner,
): Promise<X509Certificate> {
  const [leaf, ...issuers] = checkImport(input);
  // A root need not be sent: clients have it, or do not trust it.
  const sent = issuers.filter((issuer) => !issuer.checkIssued(issuer));
  const set = {
    origin: 'customer',
    certificates: [leaf, ...sent].map(String).join(''),
    key: input.keyPem,
    authority: String(issuers.at(-1) ?? leaf),
  } as const;
  await putIntoUse(directory, set, owner);
  await rm(certificatePaths(directory).requestKey, { force: true });
  return leaf;
}
