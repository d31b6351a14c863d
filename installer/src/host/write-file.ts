import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';

export type Owner = { uid: number; gid: number };
export type FileOptions = { mode: number; owner?: Owner | undefined };

/**
 * Writes a file so that it is never seen half written, nor with wider rights than `mode`, and is
 * on the disk when the promise resolves: a killed installer leaves the old file or the new one.
 */
export async function writeFileAtomically(
  file: string,
  content: string | Uint8Array,
  options: FileOptions,
): Promise<void> {
  const temporary = `${file}.${randomBytes(6).toString('hex')}.new`;
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(content);
      if (options.owner) await handle.chown(options.owner.uid, options.owner.gid);
      await handle.chmod(options.mode);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
    await syncDir(path.dirname(file));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/**
 * Makes a directory with exactly these rights, whatever the umask. Parents that it must create can
 * be passed through by everyone under root (services live below them), else by the owner alone.
 */
export async function ensureDir(dir: string, options: FileOptions): Promise<void> {
  const firstMade = await mkdir(dir, { recursive: true, mode: 0o700 });
  if (firstMade !== undefined && process.getuid?.() === 0) {
    for (let made = path.dirname(dir); made.length >= firstMade.length; made = path.dirname(made)) {
      await chmod(made, 0o755);
    }
  }
  if (options.owner) await chown(dir, options.owner.uid, options.owner.gid);
  await chmod(dir, options.mode);
}

async function syncDir(dir: string): Promise<void> {
  const handle = await open(dir, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
