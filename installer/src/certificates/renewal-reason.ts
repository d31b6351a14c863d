import type { KeyObject, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';

export const renewWithinDays = 30;
const day = 86_400_000;

/** Whole days until a certificate ends; negative when it has. */
export function daysLeft(certificate: X509Certificate, now: Date): number {
  return Math.floor((Date.parse(certificate.validTo) - now.getTime()) / day);
}

/** Whether the certificate's alternative names cover a host name or an IP address. */
export function coversName(certificate: X509Certificate, name: string): boolean {
  if (isIP(name) !== 0) return certificate.checkIP(name) !== undefined;
  return certificate.checkHost(name, { subject: 'never' }) !== undefined;
}

/** Why a certificate of our own authority must be made anew, or null when it need not be. */
export function renewalReason(input: {
  certificate: X509Certificate;
  key: KeyObject;
  authority: X509Certificate;
  names: readonly string[];
  now: Date;
}): string | null {
  const { certificate, key, authority, names, now } = input;
  if (!certificate.checkPrivateKey(key)) return 'its key belongs to another certificate';
  if (!certificate.verify(authority.publicKey)) return 'it is not signed by the present authority';
  const missing = names.find((name) => !coversName(certificate, name));
  if (missing !== undefined) return `it does not cover ${missing}`;
  const left = daysLeft(certificate, now);
  if (left < renewWithinDays) return left < 0 ? 'it has ended' : `it ends in ${left} days`;
  if (Date.parse(certificate.validFrom) > now.getTime()) return 'it is not valid yet by this clock';
  return null;
}
