import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { casemateVersion } from '../commands/version.ts';
import { writeFileAtomically } from '../host/write-file.ts';
import { instancePaths } from '../instance/paths.ts';
import { findSealKeys } from '../vault/find-seal-keys.ts';
import { backupFiles, findRecipient, type BackupContext } from './plan.ts';
import { fingerprintOf, makeRecord, type RecoverySecrets } from './recovery-record.ts';
import { ensureRepository, save } from './restic.ts';

export type Escrow = { sealKey: string; escrowed: boolean };

/**
 * Lays passwords and seal keys, wrapped to the recipient's key, beside the repositories, when one of
 * them has changed. `escrowed` is false while there is no recipient.
 */
export async function keepEscrow(context: BackupContext): Promise<Escrow> {
  const { layout, repositories } = context;
  const { sealKeys, current } = await readSealKeys(context);
  const holder = await findRecipient(layout);
  if (!holder) return { sealKey: current, escrowed: false };
  const files = backupFiles(layout);
  const password = (name: 'data' | 'keys') => readFile(files.passwordFile(name), 'utf8');
  const secrets: RecoverySecrets = {
    dataPassword: await password('data'),
    keysPassword: await password('keys'),
    sealKeys,
  };
  const facts = {
    instance: layout.instance,
    version: casemateVersion(),
    recipient: holder.recipient,
  };
  const digest = createHash('sha256')
    .update(JSON.stringify([facts, secrets, repositories.target]))
    .digest('hex');
  const noteFile = path.join(path.dirname(files.planFile), 'escrowed');
  await ensureRepository(repositories, 'recovery');
  if ((await readFile(noteFile, 'utf8').catch(() => '')) === digest)
    return { sealKey: current, escrowed: true };
  const made = new Date().toISOString();
  const record = makeRecord({ ...facts, made }, secrets, holder.witness);
  await save(repositories, 'recovery', {
    tags: ['recovery'],
    args: ['--stdin', '--stdin-filename', 'recovery.json'],
    input: JSON.stringify(record, null, 2),
  });
  await writeFileAtomically(noteFile, digest, { mode: 0o600 });
  return { sealKey: current, escrowed: true };
}

/** The seal keys that the configuration of the key service names. */
async function readSealKeys({ layout }: BackupContext) {
  const paths = instancePaths(layout);
  const named = await findSealKeys(paths.vaultConfigFile);
  const files = [named?.current.file ?? paths.sealKeyFile, named?.previous?.file];
  const sealKeys: Record<string, string> = {};
  let current = '';
  for (const file of files) {
    if (file === undefined) continue;
    const key = await readFile(file);
    const fingerprint = fingerprintOf(key);
    sealKeys[fingerprint] = key.toString('base64');
    current ||= fingerprint;
  }
  return { sealKeys, current };
}
