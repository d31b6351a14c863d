import { randomBytes } from 'node:crypto';
import { chmod, cp, mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/** Copies a tree so that it appears complete or not at all, readable by everyone. */
export async function copyTree(from: string, to: string): Promise<void> {
  const incoming = `${to}.${randomBytes(4).toString('hex')}.new`;
  await mkdir(path.dirname(to), { recursive: true });
  try {
    await cp(from, incoming, { recursive: true, verbatimSymlinks: true });
    await makeReadable(incoming);
    await rename(incoming, to);
  } finally {
    await rm(incoming, { recursive: true, force: true });
  }
}

async function makeReadable(dir: string): Promise<void> {
  await chmod(dir, 0o755);
  for (const entry of await readdir(dir, { withFileTypes: true, recursive: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isDirectory()) await chmod(file, 0o755);
    else if (entry.isFile()) await chmod(file, 0o644);
  }
}
