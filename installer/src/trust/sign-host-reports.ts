import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  type KeyObject,
} from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { writeFileAtomically } from '../host/write-file.ts';
import type { InstancePaths } from '../instance/paths.ts';
import type { HostReport } from './host-check.ts';
import { canonicalJson } from './verify-evidence.ts';

/** What the server's `verify` takes: each report with the version it is of and the host's signature. */
export type SignedHostReport = HostReport & { version: string; signature: string };

/** Stands in every text that is signed, so that none passes as a text of another kind. */
const TYPE = 'casemate.host-finding.1';

/**
 * Signs what the host's checks found (Ed25519, RFC 8032, over the canonical JSON of the report with its
 * type) with a key that root alone can read: who writes the database can't make such a report.
 */
export async function signHostReports(
  paths: Pick<InstancePaths, 'hostKeyFile' | 'hostPublicKeyFile'>,
  reports: readonly HostReport[],
  version: string,
): Promise<SignedHostReport[]> {
  const key = await ensureHostKey(paths);
  return reports.map((report) => {
    const said = { ...report, version };
    const value = sign(null, Buffer.from(canonicalJson({ ...said, type: TYPE })), key);
    return { ...said, signature: value.toString('base64') };
  });
}

/** The key, made when there is none; the server finds its public half, which it can't write. */
async function ensureHostKey({
  hostKeyFile,
  hostPublicKeyFile,
}: Pick<InstancePaths, 'hostKeyFile' | 'hostPublicKeyFile'>): Promise<KeyObject> {
  const kept = await readFile(hostKeyFile, 'utf8').catch(() => undefined);
  const key = kept ? createPrivateKey(kept) : generateKeyPairSync('ed25519').privateKey;
  if (!kept) {
    const pem = key.export({ type: 'pkcs8', format: 'pem' });
    await writeFileAtomically(hostKeyFile, pem, { mode: 0o400 });
  }
  const pem = createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
  const shown = await readFile(hostPublicKeyFile, 'utf8').catch(() => undefined);
  if (shown !== pem) await writeFileAtomically(hostPublicKeyFile, pem, { mode: 0o644 });
  return key;
}
