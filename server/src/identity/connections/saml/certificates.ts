import { X509Certificate } from 'node:crypto';

/** One certificate of a provider as the settings keep it: the DER in base64, on one line. */
export type CertificateFacts = {
  readonly subject: string;
  /** Of SHA-256, as vendors show it. */
  readonly fingerprint: string;
  readonly from: Date;
  readonly until: Date;
};

const LEAST_RSA_BITS = 2_048;

/** The certificate in the one form in which it is kept, from PEM or from bare base64. Throws what is wrong. */
export function normalCertificate(text: string): string {
  const bare = text.replace(/-----(?:BEGIN|END) CERTIFICATE-----/g, '').replace(/\s/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(bare)) throw new Error('is no certificate in PEM or base64');
  const { asymmetricKeyType, asymmetricKeyDetails } = open(bare).publicKey;
  if (asymmetricKeyType !== 'rsa') throw new Error('holds no RSA key, which signatures need');
  if ((asymmetricKeyDetails?.modulusLength ?? 0) < LEAST_RSA_BITS)
    throw new Error(`holds an RSA key of less than ${LEAST_RSA_BITS} bits`);
  return open(bare).raw.toString('base64');
}

export function describeCertificate(base64: string): CertificateFacts {
  const { subject, fingerprint256, validFromDate, validToDate } = open(base64);
  return {
    subject: subject.replaceAll('\n', ', '),
    fingerprint: fingerprint256,
    from: new Date(validFromDate),
    until: new Date(validToDate),
  };
}

/** Those that are in force: one that has run out proves nothing any more. */
export function inForce(certificates: readonly string[], now: Date): string[] {
  return certificates.filter((one) => {
    const { from, until } = describeCertificate(one);
    return from <= now && now < until;
  });
}

function open(base64: string): X509Certificate {
  try {
    return new X509Certificate(Buffer.from(base64, 'base64'));
  } catch (cause) {
    throw new Error('is no certificate that can be read', { cause });
  }
}
