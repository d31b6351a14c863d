import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { checkComponents, checkPackages, type LockedPackage } from './check-licences.ts';

/** Checks the licences of everything that ships: npm packages and the installer's components. */
const root = path.resolve(import.meta.dirname, '../..');

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(path.join(root, file), 'utf8'));
}

/** Packages that name their licence in their README alone. */
const READ_BY_HAND: Readonly<Record<string, string>> = { 'node_modules/pause': 'MIT' };

function look(place: string): LockedPackage['license'] {
  const file = path.join(place, 'package.json');
  if (!existsSync(path.join(root, file))) return undefined;
  const found = readJson(file) as LockedPackage & { licenses?: LockedPackage['license'] };
  return found.license ?? found.licenses ?? READ_BY_HAND[place];
}

const { packages } = readJson('package-lock.json') as { packages: Record<string, LockedPackage> };
const components = readJson('installer/src/components/components.lock.json') as Record<
  string,
  { version: string; licence?: string }
>;
const findings = [...checkPackages(packages, look), ...checkComponents(components)];
for (const finding of findings) console.error(finding);
if (findings.length > 0) {
  console.error(
    'Replace these parts; the list of licences is scripts/licences/licence-allowed.ts.',
  );
}
process.exitCode = findings.length === 0 ? 0 : 1;
