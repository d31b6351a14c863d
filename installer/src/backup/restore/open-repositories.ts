import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { Fault } from '../../fault.ts';
import { writeFileAtomically } from '../../host/write-file.ts';
import { readIdentity, type Identity } from '../age.ts';
import { openRecord, type RecoveryRecord, type RecoverySecrets } from '../recovery-record.ts';
import { listSnapshots, restic, type Repositories } from '../restic.ts';
import { makeScratch } from '../scratch.ts';
import type { TargetFiles } from '../target.ts';

export type Opened = { repositories: Repositories; secrets: RecoverySecrets; instance: string };

export type Key = {
  restic: string;
  target: string;
  files: TargetFiles;
  identityFile: string;
};

/**
 * Opens the repositories of a target with the recipient's private key alone. The passwords lie in a
 * directory that is removed when `work` is done.
 */
export async function withRepositories<T>(
  { restic: program, target, files, identityFile }: Key,
  workDir: string,
  work: (opened: Opened) => Promise<T>,
): Promise<T> {
  const identity = await getIdentity(identityFile);
  const dir = await makeScratch(workDir, 'open');
  try {
    const passwordFile = (name: 'data' | 'keys') => path.join(dir, name);
    const cacheDir = path.join(dir, 'cache');
    const repositories = { restic: program, target, files, cacheDir, passwordFile };
    const { secrets, instance } = await readSecrets(repositories, identity);
    await writeFileAtomically(passwordFile('data'), secrets.dataPassword, { mode: 0o400 });
    await writeFileAtomically(passwordFile('keys'), secrets.keysPassword, { mode: 0o400 });
    return await work({ repositories, secrets, instance });
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** There is no other way in, and none must be made up: who is told so early has a chance. */
export const lostKey =
  'Without it nobody reads these backups. Where their instance still runs, a lost key costs nothing: ' +
  'there, `casemate backup key --out FILE --replace`, then `casemate backup create`.';

export async function getIdentity(file: string): Promise<Identity> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Fault(`The recipient’s private key can't be read: ${file}`, {
      why: (cause as Error).message,
      next: `Nothing was changed. Give its file, or a copy, with --identity. ${lostKey}`,
      code: 'usage',
    });
  });
  const identity = readIdentity(text);
  if (identity) return identity;
  throw new Fault(`There is no private key in ${file}`, {
    why: 'A line that begins with AGE-SECRET-KEY-1 is missing, or mistyped: its checksum is wrong.',
    next: 'Nothing was changed. Give the file that `casemate backup key` wrote.',
    code: 'usage',
  });
}

/** All seal keys of all records: a snapshot may be older than the last rotation of the seal key. */
async function readSecrets(repositories: Repositories, identity: Identity) {
  const records: RecoveryRecord[] = [];
  for (const { id } of await listSnapshots(repositories, 'recovery', ['recovery'])) {
    const text = await restic(repositories, 'recovery', { args: ['dump', id, '/recovery.json'] });
    records.push(JSON.parse(text) as RecoveryRecord);
  }
  const newest = records.at(-1);
  if (!newest)
    throw new Fault('The target holds no recovery record', {
      why: 'No backup was ever made there with a recipient’s key.',
      next: 'Nothing was changed. Name the target of `casemate backup schedule`.',
      code: 'notInstalled',
    });
  const secrets = openRecord(newest, identity);
  for (const record of records.slice(0, -1)) {
    if (record.recipient !== identity.recipient) continue;
    const { sealKeys } = openRecord(record, identity);
    secrets.sealKeys = { ...sealKeys, ...secrets.sealKeys };
  }
  return { secrets, instance: newest.instance };
}
