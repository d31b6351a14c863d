import { readdir } from 'node:fs/promises';
import path from 'node:path';

/** Whether the cache holds a component that was unpacked from an archive of this checksum. */
export async function findLocked(
  name: string,
  sha256: string,
  cacheDir: string,
): Promise<string | undefined> {
  const dir = path.join(cacheDir, 'components');
  const names = await readdir(dir).catch(() => []);
  const ending = `-${sha256.slice(0, 16)}`;
  const found = names.find((one) => one.startsWith(`${name}-`) && one.endsWith(ending));
  return found && path.join(dir, found);
}
