import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** Who made the certificate in use: our own authority, or the customer's. */
export type CertificateOrigin = 'authority' | 'customer';

/** The files a TLS server and its clients need. `certFile` is the full chain, leaf first. */
export type ServerCertificateFiles = { certFile: string; keyFile: string; caFile: string };

/** Where the parts of a certificate directory lie. */
export function certificatePaths(directory: string) {
  return {
    authority: path.join(directory, 'authority'),
    authorityCert: path.join(directory, 'authority', 'ca.crt'),
    authorityKey: path.join(directory, 'authority', 'ca.key'),
    issued: path.join(directory, 'issued'),
    current: path.join(directory, 'current'),
    requestKey: path.join(directory, 'request.key'),
  };
}

/** The stable paths of the certificate in use; links that lead through `current`. */
export function currentFiles(directory: string): ServerCertificateFiles {
  return {
    certFile: path.join(directory, 'server.crt'),
    keyFile: path.join(directory, 'server.key'),
    caFile: path.join(directory, 'ca.crt'),
  };
}

/** The text of a file, or null when it does not exist. Any other fault is thrown. */
export async function findText(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
