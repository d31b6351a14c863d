import { chown, readdir } from 'node:fs/promises';
import path from 'node:path';

/** Gives a tree to the account that works on it; nothing for an instance of an ordinary user. */
export async function giveTree(
  dir: string,
  owner: { uid: number; gid: number } | undefined,
): Promise<void> {
  if (!owner) return;
  await chown(dir, owner.uid, owner.gid);
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true }))
    await chown(path.join(entry.parentPath, entry.name), owner.uid, owner.gid);
}
