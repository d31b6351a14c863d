import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import path from 'node:path';
import { type Authority, backdate, ensureAuthority } from './authority.ts';
import { createServerCertificate } from './certificate.ts';
import { Fault } from '../fault.ts';
import {
  type CertificateOrigin,
  certificatePaths,
  currentFiles,
  findText,
  type ServerCertificateFiles,
} from './certificate-files.ts';
import { normalHostName } from './host-name.ts';
import { type FileOwner, putIntoUse } from './put-into-use.ts';
import { createRequest } from './request.ts';
import { renewalReason } from './renewal-reason.ts';

/** Signs a request (PKCS #10, PEM) for so many seconds; resolves with the certificate, PEM. */
export type AuthoritySigner = (wish: { request: string; seconds: number }) => Promise<string>;

export type EnsureCertificateOptions = {
  directory: string;
  hostName: string;
  /** IP addresses that people may type instead of the name. */
  addresses: readonly string[];
  now: Date;
  /** Given when the server runs under an account of its own. */
  owner?: FileOwner;
  /** Makes a new one of our own authority even when the present one is good, or the customer's. */
  force?: boolean;
  /** Of the engine that holds the authority's key; asked only when a certificate must be made. */
  sign?: AuthoritySigner;
};

export type EnsuredCertificate = ServerCertificateFiles & {
  origin: CertificateOrigin;
  /** Why a new certificate was made, or null when the present one stays. */
  renewed: string | null;
};

/** Longer ones are refused by Apple's clients, private authorities included, from 825 days on. */
const serverDays = 397;
const day = 86_400_000;

/**
 * Makes sure that the server has a certificate that fits its names and lasts 30 days at least. A
 * customer's certificate is never replaced, whatever its state: doctor warns of it in time.
 */
export async function ensureServerCertificate(
  options: EnsureCertificateOptions,
): Promise<EnsuredCertificate> {
  const { directory, now, owner, force = false } = options;
  const files = currentFiles(directory);
  const names = serverNames(options.hostName, options.addresses);
  const origin = await findOrigin(directory);
  if (origin === 'customer' && !force) return { ...files, origin, renewed: null };
  const authority = await ensureAuthority(directory, now);
  const found = await presentReason({ files, authority, names, now });
  const renewed = found ?? (force ? 'you asked for it' : null);
  if (renewed === null) return { ...files, origin: 'authority', renewed };
  const issued = await issue({ authority, names, now, sign: options.sign });
  const set = { origin: 'authority', ...issued } as const;
  await putIntoUse(directory, set, owner);
  return { ...files, origin: 'authority', renewed };
}

/** Who made the certificate in use, or null when there is none. */
export async function findOrigin(directory: string): Promise<CertificateOrigin | null> {
  const text = await findText(path.join(certificatePaths(directory).current, 'origin'));
  if (text === null) return null;
  return text.trim() === 'customer' ? 'customer' : 'authority';
}

/** Every name of the server; the loopback ones serve tunnels and the appliance's own checks. */
export function serverNames(hostName: string, addresses: readonly string[]): [string, ...string[]] {
  const name = normalHostName(hostName);
  if (name === null) {
    const next = "Give a name such as 'casemate.example.org', without https:// and port";
    throw new Fault(`'${hostName}' is not a host name`, { next, code: 'usage' });
  }
  const others = [...addresses, 'localhost', '127.0.0.1', '::1'].filter((other) => other !== name);
  return [name, ...new Set(others)];
}

async function presentReason(input: {
  files: ServerCertificateFiles;
  authority: Authority;
  names: readonly string[];
  now: Date;
}): Promise<string | null> {
  const { files, authority, names, now } = input;
  const [pem, keyPem] = [await findText(files.certFile), await findText(files.keyFile)];
  if (pem === null || keyPem === null) return 'there was none';
  try {
    const certificate = new X509Certificate(pem);
    const key = createPrivateKey(keyPem);
    return renewalReason({ certificate, key, authority: authority.certificate, names, now });
  } catch {
    return 'it cannot be read';
  }
}

async function issue(input: {
  authority: Authority;
  names: [string, ...string[]];
  now: Date;
  sign: AuthoritySigner | undefined;
}) {
  const { authority, names, now } = input;
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  // A certificate that outlives its authority would be refused when nobody expects it.
  const wanted = now.getTime() + serverDays * day - backdate;
  const end = Math.min(wanted, Date.parse(authority.certificate.validTo));
  const validity = { notBefore: new Date(now.getTime() - backdate), notAfter: new Date(end) };
  const made = {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    authority: authority.pem,
  };
  if (authority.key) {
    const signer = { certificate: authority.certificate, key: authority.key };
    const certificates = createServerCertificate({ names, publicKey, authority: signer, validity });
    return { ...made, certificates };
  }
  if (!input.sign) {
    throw new Fault('The key of the authority is in the key service', {
      next: 'Start it (`casemate up`), then run the command again.',
    });
  }
  // A margin, so that both ends of the time lie inside the authority's.
  const seconds = Math.floor((end - now.getTime()) / 1000) - 60;
  const certificates = await input.sign({
    request: createRequest({ names, key: privateKey }),
    seconds,
  });
  return { ...made, certificates };
}
