import { readFileSync, statSync } from 'node:fs';
import type https from 'node:https';
import type { SecureContextOptions } from 'node:tls';
import type { Config, Log } from '../platform/index.ts';

const POLL_MS = 2_000;

export function readCertificate(config: Config): SecureContextOptions {
  return {
    cert: readFileSync(config.CASEMATE_TLS_CERT_FILE),
    key: readFileSync(config.CASEMATE_TLS_KEY_FILE),
    minVersion: 'TLSv1.2',
  };
}

/**
 * Takes a renewed or imported certificate into use without a restart. It looks at the files every
 * two seconds: the paths lead through links that are replaced whole, by the installer as by
 * Kubernetes, and a watch stays with the directory that a link once led to.
 */
export function reloadCertificate(config: Config, log: Log, server: https.Server): () => void {
  let seen = identityOf(config);
  const look = (): void => {
    const now = identityOf(config);
    if (now === seen) return;
    // Before the files are read: should they change meanwhile, the next look sees it.
    seen = now;
    try {
      server.setSecureContext(readCertificate(config));
      log.info('certificate reloaded');
    } catch (error) {
      log.error('the new certificate could not be used; the old one stays', { error });
    }
  };
  // What was replaced between the server's own reading and this point.
  server.setSecureContext(readCertificate(config));
  const timer = setInterval(look, POLL_MS).unref();
  return () => clearInterval(timer);
}

/** Changes whenever either path leads to another file, or to changed contents. */
function identityOf(config: Config): string {
  return [config.CASEMATE_TLS_CERT_FILE, config.CASEMATE_TLS_KEY_FILE]
    .map((file) => {
      try {
        const { dev, ino, mtimeMs, size } = statSync(file);
        return `${dev}:${ino}:${mtimeMs}:${size}`;
      } catch (error) {
        return (error as NodeJS.ErrnoException).code;
      }
    })
    .join();
}
