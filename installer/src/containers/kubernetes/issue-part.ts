import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { backdate, makeAuthority } from '../../certificates/authority.ts';
import { createServerCertificate } from '../../certificates/certificate.ts';
import { renewalReason } from '../../certificates/renewal-reason.ts';

/** The names under which secrets of a cluster hold them. */
export type AuthorityPair = { 'ca.crt': string; 'ca.key': string };
export type PartFiles = { 'tls.crt': string; 'tls.key': string; 'ca.crt': string };

type Issue = {
  wanted: { hosts: [string, ...string[]]; client?: boolean };
  authority: AuthorityPair;
  now: Date;
};

const DAY_MS = 86_400_000;
const DAYS = 397;

export function newAuthority(now: Date): AuthorityPair {
  const { pem, key } = makeAuthority(now);
  return { 'ca.crt': pem, 'ca.key': key };
}

/** A certificate for a part, by the authority of this installation alone. */
export function issuePart({ wanted, authority, now }: Issue): PartFiles {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const certificate = createServerCertificate({
    names: wanted.hosts,
    publicKey,
    authority: {
      certificate: new X509Certificate(authority['ca.crt']),
      key: createPrivateKey(authority['ca.key']),
    },
    validity: {
      notBefore: new Date(now.getTime() - backdate),
      notAfter: new Date(now.getTime() + DAYS * DAY_MS - backdate),
    },
    uses: wanted.client ? ['clientAuth'] : ['serverAuth'],
  });
  return {
    'tls.crt': certificate,
    'tls.key': privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    'ca.crt': authority['ca.crt'],
  };
}

/** Why a part needs a new certificate; null when the present one is good for a month and more. */
export function findReason(
  found: Record<string, string> | null,
  { wanted, authority, now }: Issue,
): string | null {
  if (!found) return 'there was none';
  try {
    return renewalReason({
      certificate: new X509Certificate(found['tls.crt'] ?? ''),
      key: createPrivateKey(found['tls.key'] ?? ''),
      authority: new X509Certificate(authority['ca.crt']),
      names: wanted.hosts,
      now,
    });
  } catch {
    return 'it could not be read';
  }
}
