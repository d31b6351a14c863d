import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { Fault } from '../fault.ts';
import { readMembers, readValue } from './der-reader.ts';
import { splitCertificates } from './pem.ts';
import { coversName, daysLeft } from './renewal-reason.ts';

export type CertificateImport = {
  certPem: string;
  chainPem: string;
  keyPem: string;
  hostName: string;
  now: Date;
};

const serverAuth = '1.3.6.1.5.5.7.3.1';

/**
 * Checks what a customer brings: readable, key and names match, in force, strong, and a chain that
 * leads from the certificate to its issuer. Gives the leaf and its issuers in order.
 */
export function checkImport(input: CertificateImport): [X509Certificate, ...X509Certificate[]] {
  const [leaf, ...alongside] = readAll(input.certPem, '--cert');
  if (!leaf) throw refusal('The file of --cert holds no certificate', 'Give a PEM file');
  const key = readKey(input.keyPem);
  if (!leaf.checkPrivateKey(key)) {
    throw refusal(
      'The key is not the one of the certificate',
      'Give the key that the signing request was made with (--key FILE), or request a new certificate',
    );
  }
  checkStrength(leaf, key);
  checkUse(leaf);
  if (!coversName(leaf, input.hostName)) {
    throw refusal(
      `The certificate is not for ${input.hostName}, but for ${leaf.subjectAltName ?? 'no name at all'}`,
      'Order one for this name, or change the name: `casemate certificate host-name NAME`',
    );
  }
  const issuers = orderIssuers(leaf, [...alongside, ...readAll(input.chainPem, '--chain')]);
  for (const certificate of [leaf, ...issuers]) checkInForce(certificate, input.now);
  return [leaf, ...issuers];
}

function readAll(pem: string, flag: string): X509Certificate[] {
  return splitCertificates(pem).map((one) => {
    try {
      return new X509Certificate(one);
    } catch (cause) {
      throw refusal(`A certificate of ${flag} cannot be read`, 'Ask for it anew, as PEM', cause);
    }
  });
}

function readKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    const locked = pem.includes('ENCRYPTED');
    throw refusal(
      locked ? 'The key is locked by a passphrase' : 'The file of --key holds no private key',
      locked ? 'Unlock a copy first: openssl pkey -in KEY -out PLAIN' : 'Give a PEM file',
      cause,
    );
  }
}

function checkStrength(leaf: X509Certificate, key: KeyObject): void {
  const { modulusLength = 0, namedCurve = '' } = key.asymmetricKeyDetails ?? {};
  const type = key.asymmetricKeyType ?? '';
  const strong =
    (type.startsWith('rsa') && modulusLength >= 2048) ||
    (type === 'ec' && ['prime256v1', 'secp384r1', 'secp521r1'].includes(namedCurve)) ||
    type === 'ed25519';
  if (!strong) {
    throw refusal(
      `The key is too weak or of a kind that browsers refuse (${type} ${modulusLength || namedCurve})`,
      'Use ECDSA P-256 (`casemate certificate request` makes one) or RSA with 2048 bits or more',
    );
  }
  if (signedWithSha1(leaf)) {
    throw refusal('The certificate is signed with SHA-1', 'Ask your authority for SHA-256');
  }
}

/** ecdsa-with-SHA1 and sha1WithRSAEncryption. */
function signedWithSha1(certificate: X509Certificate): boolean {
  const algorithm = readMembers(readValue(certificate.raw).value.content)[1];
  const id = algorithm && readMembers(algorithm.content)[0]?.content.toString('hex');
  return id === '2a8648ce3d0401' || id === '2a864886f70d010105';
}

function checkUse(leaf: X509Certificate): void {
  if (leaf.ca) {
    throw refusal('The certificate of --cert is an authority', "Give the server's certificate");
  }
  const use = leaf.keyUsage as string[] | undefined;
  if (use && !use.includes(serverAuth)) {
    throw refusal('The certificate is not for TLS servers', "Order one with use 'serverAuth'");
  }
}

function checkInForce(certificate: X509Certificate, now: Date): void {
  const name = certificate.subject.replaceAll('\n', ', ');
  const mend = 'Give one that is in force, and check the clock of this host';
  if (daysLeft(certificate, now) < 0) {
    throw refusal(`The certificate of ${name} ended on ${certificate.validTo}`, mend);
  }
  if (Date.parse(certificate.validFrom) > now.getTime()) {
    throw refusal(`The certificate of ${name} begins on ${certificate.validFrom}`, mend);
  }
}

/** Walks from the leaf to the last issuer at hand; what does not belong to the chain is left out. */
function orderIssuers(leaf: X509Certificate, candidates: X509Certificate[]): X509Certificate[] {
  const chain: X509Certificate[] = [];
  for (let last = leaf; !last.checkIssued(last);) {
    const issuer = candidates.find((one) => isIssuer(one, last) && !chain.includes(one));
    if (!issuer) break;
    chain.push(issuer);
    last = issuer;
  }
  if (chain.length > 0) return chain;
  const self = leaf.checkIssued(leaf);
  throw refusal(
    self ? 'The certificate is signed by itself' : 'The issuer of the certificate is missing',
    self
      ? 'Use the appliance’s own authority instead: `casemate certificate renew --own`'
      : `Give the file with the certificate of ${leaf.issuer.replaceAll('\n', ', ')} as --chain`,
  );
}

function isIssuer(candidate: X509Certificate, of: X509Certificate): boolean {
  return candidate.ca && of.checkIssued(candidate) && of.verify(candidate.publicKey);
}

function refusal(what: string, next: string, cause?: unknown): Fault {
  return new Fault(what, { next: `${next}. Nothing was changed.`, cause });
}
