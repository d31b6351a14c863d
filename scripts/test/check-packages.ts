import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Exits 0 when node_modules holds exactly what package-lock.json says, else 1. */
type Lock = { packages: Record<string, { version?: string; integrity?: string; link?: boolean }> };

const root = path.resolve(import.meta.dirname, '../..');
const wanted = readLock(path.join(root, 'package-lock.json'));
const present = readLock(path.join(root, 'node_modules/.package-lock.json'));

function readLock(file: string): Lock['packages'] {
  if (!existsSync(file)) return {};
  return (JSON.parse(readFileSync(file, 'utf8')) as Lock).packages;
}

// npm leaves out what is for other systems, so each package that is there must be the right one,
// and each folder that npm wrote down must be there.
const isRight = Object.entries(present).every(
  ([name, { version, integrity, link }]) =>
    (link ?? false) ||
    (wanted[name]?.version === version &&
      wanted[name]?.integrity === integrity &&
      existsSync(path.join(root, name))),
);
const optional = new Set(
  Object.entries(wanted)
    .filter(([, entry]) => 'optional' in entry || 'peer' in entry)
    .map(([name]) => name),
);
const missing = Object.keys(wanted).filter(
  (name) => name.startsWith('node_modules/') && !optional.has(name) && !(name in present),
);
process.exitCode = isRight && missing.length === 0 ? 0 : 1;
