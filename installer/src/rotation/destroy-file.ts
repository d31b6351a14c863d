import { randomBytes } from 'node:crypto';
import { chmod, open, rm, stat } from 'node:fs/promises';

/**
 * Overwrites a small file with random bytes and removes it. The best that a file system offers: a
 * copy-on-write one or a flash disk may keep the old blocks, which is why storage is encrypted.
 */
export async function destroyFile(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (!found) return;
  // Secrets are read-only even for their owner.
  await chmod(file, 0o600);
  const handle = await open(file, 'r+');
  try {
    await handle.write(randomBytes(found.size), 0, null, 0);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rm(file);
}
