import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { matchAdvisories } from '../audit/match-advisories.ts';
import { readDatabase } from '../audit/read-database.ts';
import { proposeUpdates, type Present } from './propose-updates.ts';

/**
 * SUP-03: lists what could be newer among the packages that this repository names and the components that
 * it brings, by asking each registry's own client, with the advisories that an update would end. Changes
 * nothing. Meant for a timer: exits 1 when an update mends something.
 */
const root = path.resolve(import.meta.dirname, '../..');
const { values } = parseArgs({ options: { db: { type: 'string' }, json: { type: 'boolean' } } });
const folder = values.db ?? path.join(homedir(), '.cache/casemate/advisories');
const advisories = existsSync(folder) ? readDatabase(folder).advisories : null;

type Source = { client: 'npm' | 'pip' | 'go'; package: string; version: string };

/** Says which version each client calls the newest; null where it can't be asked. */
const NEWEST = {
  npm: (name: string) => ask('npm', ['view', name, 'version']).trim(),
  pip: (name: string) =>
    /\(([^)]+)\)/.exec(
      ask('pip', ['index', 'versions', '--disable-pip-version-check', name]),
    )?.[1] ?? null,
  go: (name: string) =>
    (JSON.parse(ask('go', ['list', '-m', '-json', `${name}@latest`])) as { Version: string })
      .Version,
};
const ECOSYSTEMS = { npm: 'npm', pip: 'PyPI', go: 'Go' } as const;

function ask(program: string, words: string[]): string {
  return execFileSync(program, words, {
    ...{ cwd: root, encoding: 'utf8', timeout: 60_000, stdio: ['ignore', 'pipe', 'ignore'] },
  });
}

function listPresent(): Present[] {
  const workspaces = ['.', 'server', 'web', 'installer'].map(
    (dir) => JSON.parse(readFileSync(path.join(root, dir, 'package.json'), 'utf8')) as Named,
  );
  const packages = new Map(
    workspaces.flatMap(({ dependencies = {}, devDependencies = {} }) =>
      Object.entries({ ...dependencies, ...devDependencies }),
    ),
  );
  const lock = JSON.parse(
    readFileSync(path.join(root, 'installer/src/components/components.lock.json'), 'utf8'),
  ) as Record<string, { registry?: Source }>;
  const sources: Source[] = [
    ...[...packages].map(([name, version]) => ({ client: 'npm' as const, package: name, version })),
    ...Object.values(lock).flatMap(({ registry }) => registry ?? []),
  ];
  return sources.map(({ client, package: name, version }) => ({
    ...{ ecosystem: ECOSYSTEMS[client], name, version },
    newest: newestOf(client, name),
  }));
}
type Named = { dependencies?: Record<string, string>; devDependencies?: Record<string, string> };

function newestOf(client: Source['client'], name: string): string | null {
  try {
    return NEWEST[client](name);
  } catch {
    return null;
  }
}

const present = listPresent();
const unknown = present.filter(({ newest }) => newest === null).map(({ name }) => name);
const proposals = proposeUpdates(present, (part) => matchAdvisories([part], advisories ?? []));
if (values.json)
  console.log(JSON.stringify({ proposals, unknown, advisories: advisories?.length }));
else {
  for (const { name, from, to, step, mends } of proposals)
    console.log(
      `${step.padEnd(5)}  ${name}  ${from} → ${to}${mends.length > 0 ? `  mends ${mends.join(', ')}` : ''}`,
    );
  if (unknown.length > 0) console.log(`could not be asked: ${unknown.join(', ')}`);
  if (advisories === null) console.log('without a database of advisories: docs/supply-chain.md');
  console.log(`${proposals.length} of ${present.length} could be newer`);
}
process.exitCode = proposals.some(({ mends }) => mends.length > 0) ? 1 : 0;
