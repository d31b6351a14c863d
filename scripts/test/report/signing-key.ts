import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { reportFiles } from '../../../installer/src/trust/report-folder.ts';

/** The Ed25519 key that signs the test reports of a checkout; made at its first use, mode 0600. */
export function signingKey(folder: string): KeyObject {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const file = path.join(folder, reportFiles.privateKey);
  if (!existsSync(file)) {
    const { privateKey } = generateKeyPairSync('ed25519');
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
    writeFileSync(file, pem, { mode: 0o600, flag: 'wx' });
  }
  const key = createPrivateKey(readFileSync(file));
  const pem = createPublicKey(key).export({ type: 'spki', format: 'pem' });
  writeFileSync(path.join(folder, reportFiles.publicKey), pem, { mode: 0o644 });
  return key;
}
