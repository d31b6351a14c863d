import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

const sources = [
  ...['package.json', 'package-lock.json', 'tsconfig.base.json', 'SECURITY.md'],
  ...['server', 'web'],
];
const leftOut = /(^|\/)(node_modules|dist|coverage|tests)(\/|$)|\.test\.tsx?$|\.tsbuildinfo$/;

/** SHA-256 over everything that the built server and dashboard are made from, and Node's version. */
export async function checksumSources(checkoutDir: string, nodeVersion: string): Promise<string> {
  const hash = createHash('sha256').update(`node ${nodeVersion}\n`);
  for (const source of sources) {
    for (const file of await listFiles(checkoutDir, source)) {
      const content = await readFile(path.join(checkoutDir, file));
      hash.update(`${file} ${content.length}\n`).update(content);
    }
  }
  return hash.digest('hex');
}

/** Paths relative to the checkout, sorted. A plain file is itself. */
async function listFiles(checkoutDir: string, source: string): Promise<string[]> {
  const found: string[] = [];
  const visit = async (relative: string) => {
    const entries = await readdir(path.join(checkoutDir, relative), { withFileTypes: true });
    for (const entry of entries.sort((one, other) => (one.name < other.name ? -1 : 1))) {
      const file = path.posix.join(relative, entry.name);
      if (leftOut.test(file)) continue;
      if (entry.isDirectory()) await visit(file);
      else if (entry.isFile()) found.push(file);
    }
  };
  if (/\.(json|md)$/.test(source)) return [source];
  await visit(source);
  return found;
}
