import { X509Certificate } from 'node:crypto';
import { type CertificateOrigin, currentFiles, findText } from './certificate-files.ts';
import { findOrigin } from './ensure-server-certificate.ts';
import { daysLeft } from './renewal-reason.ts';

export type CertificateDescription = {
  origin: CertificateOrigin;
  subject: string;
  issuer: string;
  names: string[];
  validFrom: string;
  validTo: string;
  daysLeft: number;
  fingerprint: string;
  /** What a person compares before a browser is told to trust the authority. */
  authorityFingerprint: string;
  certFile: string;
  caFile: string;
};

/** What is known of the certificate in use, without secrets; null when there is none. */
export async function describeCertificate(
  directory: string,
  now: Date,
): Promise<CertificateDescription | null> {
  const { certFile, caFile } = currentFiles(directory);
  const [pem, caPem] = [await findText(certFile), await findText(caFile)];
  const origin = await findOrigin(directory);
  if (pem === null || caPem === null || origin === null) return null;
  const certificate = new X509Certificate(pem);
  return {
    origin,
    subject: certificate.subject.replaceAll('\n', ', '),
    issuer: certificate.issuer.replaceAll('\n', ', '),
    names: (certificate.subjectAltName ?? '')
      .split(', ')
      .map((name) => name.replace(/^[^:]+:/, '')),
    validFrom: new Date(certificate.validFrom).toISOString(),
    validTo: new Date(certificate.validTo).toISOString(),
    daysLeft: daysLeft(certificate, now),
    fingerprint: certificate.fingerprint256,
    authorityFingerprint: new X509Certificate(caPem).fingerprint256,
    certFile,
    caFile,
  };
}
