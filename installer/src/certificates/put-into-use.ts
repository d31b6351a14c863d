import { randomBytes } from 'node:crypto';
import { chown, mkdir, open, readdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { type CertificateOrigin, certificatePaths } from './certificate-files.ts';

/** The account that runs the server; it alone may read the server's key. */
export type FileOwner = { uid: number; gid: number };

export type CertificateSet = {
  origin: CertificateOrigin;
  certificates: string;
  key: string;
  authority: string;
};

/**
 * Writes a certificate, its key and its authority as one set and makes it the current one by a
 * single rename: a reader, or a crash, sees the old set or the new one, never a mixture.
 */
export async function putIntoUse(
  directory: string,
  set: CertificateSet,
  owner?: FileOwner,
): Promise<void> {
  const { issued, current } = certificatePaths(directory);
  const name = `${Date.now().toString(36)}-${randomBytes(4).toString('hex')}`;
  const target = path.join(issued, name);
  await mkdir(target, { recursive: true, mode: 0o755 });
  const keyFile = path.join(target, 'server.key');
  await writeDurably(keyFile, set.key, 0o400);
  if (owner) await chown(keyFile, owner.uid, owner.gid);
  await writeDurably(path.join(target, 'server.crt'), set.certificates, 0o444);
  await writeDurably(path.join(target, 'ca.crt'), set.authority, 0o444);
  await writeDurably(path.join(target, 'origin'), `${set.origin}\n`, 0o444);
  const previous = await findPrevious(current);
  const link = `${current}.${name}`;
  await symlink(path.join('issued', name), link);
  await rename(link, current);
  for (const file of ['server.crt', 'server.key', 'ca.crt']) await linkOnce(directory, file);
  await removeOthers(directory, previous);
}

/** The stable paths lead through `current`, so that they change together. */
async function linkOnce(directory: string, file: string): Promise<void> {
  try {
    await symlink(path.join('current', file), path.join(directory, file));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Creates a file that must not exist yet and waits until the disk has it. */
export async function writeDurably(file: string, text: string, mode: number): Promise<void> {
  const handle = await open(file, 'wx', mode);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Old keys are not kept: what is no longer in use should not be there to steal. */
async function removeOthers(directory: string, previous: string | null): Promise<void> {
  const { issued, current } = certificatePaths(directory);
  const inUse = path.basename(await readlink(current));
  for (const name of await readdir(issued)) {
    const madeAt = Number.parseInt(name, 36);
    // A young one that is not ours belongs to somebody who is making it current at this moment.
    const left = name === previous || Date.now() - madeAt > 60_000;
    if (name !== inUse && left) await rm(path.join(issued, name), { recursive: true, force: true });
  }
}

async function findPrevious(current: string): Promise<string | null> {
  return readlink(current).then(
    (target) => path.basename(target),
    () => null,
  );
}
