import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { completeLock, type LockPackages } from './complete-lock.ts';

/**
 * Run after `npm install` changed package-lock.json: completes it, see complete-lock.ts. With
 * `--check` it writes nothing and exits 1 when `npm ci` would refuse the lock.
 */
const file = path.resolve(import.meta.dirname, '../../package-lock.json');
const lock = JSON.parse(readFileSync(file, 'utf8')) as { packages: LockPackages };
const added = completeLock(lock.packages);
if (added.length > 0 && process.argv.includes('--check')) {
  console.error(`package-lock.json lacks ${added.length} packages for other systems, such as`);
  console.error(`${added[0] ?? ''}: run \`node scripts/packages/main.ts\` and commit it.`);
  process.exitCode = 1;
} else if (added.length > 0) {
  const sorted = Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en'));
  writeFileSync(
    file,
    `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`,
  );
  console.log(`added ${added.join(', ')}`);
}
