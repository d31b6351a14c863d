import { createHash } from 'node:crypto';
import { readdir, readFile, readlink } from 'node:fs/promises';
import path from 'node:path';

/** Made from what is counted, or brought with checksums of its own. */
const leftOut: ReadonlySet<string> = new Set(['.git', 'node_modules', 'dist', 'coverage']);

/**
 * SHA-256 over every file of a checkout: sources, tests, scripts and pages, committed or not. A test
 * report of the same checksum is of exactly this checkout.
 */
export async function checksumCheckout(checkoutDir: string): Promise<string> {
  const hash = createHash('sha256');
  const visit = async (relative: string): Promise<void> => {
    const entries = await readdir(path.join(checkoutDir, relative), { withFileTypes: true });
    for (const entry of entries.sort((one, other) => (one.name < other.name ? -1 : 1))) {
      const file = path.posix.join(relative, entry.name);
      if (leftOut.has(entry.name) || entry.name.endsWith('.tsbuildinfo')) continue;
      if (entry.isDirectory()) {
        await visit(file);
        continue;
      }
      const full = path.join(checkoutDir, file);
      const content = entry.isSymbolicLink()
        ? Buffer.from(await readlink(full))
        : await readFile(full);
      hash.update(`${file} ${content.length}\n`).update(content);
    }
  };
  await visit('');
  return hash.digest('hex');
}
