/** Certificates as text, in PEM or as bare base64, with an empty line between two of the latter. */
export function readCertificates(text: string): string[] {
  return text
    .split(/(?<=-----END CERTIFICATE-----)|\n\s*\n/)
    .map((one) => one.trim())
    .filter((one) => one !== '');
}

/** Each in lines of 64 characters, as PEM has them. */
export function writeCertificates(certificates: readonly string[]): string {
  return certificates
    .map((one) => {
      const lines = one.match(/.{1,64}/g) ?? [];
      return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----'].join('\n');
    })
    .join('\n');
}
