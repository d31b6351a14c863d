import {
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  X509Certificate,
} from 'node:crypto';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { createAuthorityCertificate } from './certificate.ts';
import { Fault } from '../fault.ts';
import { certificatePaths, findText } from './certificate-files.ts';
import { keyIdentifier } from './extensions.ts';
import { writeDurably } from './put-into-use.ts';

/** `key` is null once the key service holds it (authority-engine.ts). */
export type Authority = { pem: string; certificate: X509Certificate; key: KeyObject | null };

const day = 86_400_000;
const authorityDays = 3653;
/** Clocks of clients lag: a certificate of this moment must already be valid for them. */
export const backdate = 3_600_000;

/** Finds the appliance's own authority in `directory`, or makes it: ten years, its key 0400. */
export async function ensureAuthority(directory: string, now: Date): Promise<Authority> {
  const found = await findAuthority(directory);
  if (found) return found;
  const paths = certificatePaths(directory);
  await mkdir(directory, { recursive: true, mode: 0o755 });
  const staged = await mkdtemp(path.join(directory, '.authority-'));
  try {
    const made = makeAuthority(now);
    await writeDurably(path.join(staged, 'ca.key'), made.key, 0o400);
    await writeDurably(path.join(staged, 'ca.crt'), made.pem, 0o444);
    await rename(staged, paths.authority);
  } catch (error) {
    await rm(staged, { recursive: true, force: true });
    // Somebody else made one at the same moment: theirs counts.
    if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error;
  }
  const authority = await findAuthority(directory);
  if (!authority)
    throw new Fault('The certificate authority could not be made', {
      why: `${directory} is empty`,
    });
  return authority;
}

/** A new authority, not yet written anywhere. */
export function makeAuthority(now: Date): { key: string; pem: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  // The name is different for each instance, so that a browser never confuses two of them.
  const mark = keyIdentifier(publicKey).toString('hex').slice(0, 8);
  const validity = {
    notBefore: new Date(now.getTime() - backdate),
    notAfter: new Date(now.getTime() + authorityDays * day),
  };
  const commonName = `Casemate appliance authority ${mark}`;
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    pem: createAuthorityCertificate({ commonName, key: privateKey, validity }),
  };
}

/** The authority in `directory`, or null when there is none; a damaged one is refused. */
export async function findAuthority(directory: string): Promise<Authority | null> {
  const { authority, authorityCert, authorityKey } = certificatePaths(directory);
  const [pem, keyPem] = [await findText(authorityCert), await findText(authorityKey)];
  if (pem === null && keyPem === null) return null;
  const next = `Restore ${authority} from a backup, or move it away to get a new authority (every browser must then trust the new one)`;
  if (pem === null) throw new Fault('The certificate of the authority is missing', { next });
  try {
    const certificate = new X509Certificate(pem);
    if (keyPem === null) return { pem, certificate, key: null };
    const key = createPrivateKey(keyPem);
    if (certificate.checkPrivateKey(key)) return { pem, certificate, key };
  } catch (error) {
    throw new Fault('The authority cannot be read', { next, cause: error });
  }
  throw new Fault('The key of the authority is not the one of its certificate', { next });
}
