import { statSync } from 'node:fs';
import path from 'node:path';

const LOOK_MS = 30_000;

/** The certificate, key and authority of a part, as secrets of a cluster name them. */
export const tlsFiles = (tlsDir: string): [string, string, string] => [
  path.join(tlsDir, 'tls.crt'),
  path.join(tlsDir, 'tls.key'),
  path.join(tlsDir, 'ca.crt'),
];

/** Calls `renewed` when one of them changes. Looked at now and then: a watch stays with the folder that a replaced link once led to. */
export function onRenewal(tlsDir: string, renewed: () => void): void {
  const seen = (): string =>
    tlsFiles(tlsDir)
      .map((file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs)
      .join();
  let before = seen();
  setInterval(() => {
    const now = seen();
    if (now === before) return;
    before = now;
    renewed();
  }, LOOK_MS).unref();
}
