import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { readAudit } from '../test/read-audit.ts';
import { SKIPPED } from '../test/run-gate.ts';
import { judge, type Accepted } from './judge.ts';
import { listParts } from './list-parts.ts';
import { readDatabase } from './read-database.ts';

/**
 * SUP-01: looks all that ships up in an offline database of advisories (`--db PLACE`, else the folder
 * `advisories` of the cache). Without one it asks the registry; when that gives nothing, nothing was
 * audited, and the gate says so instead of passing.
 */
const root = path.resolve(import.meta.dirname, '../..');
const { values } = parseArgs({ options: { db: { type: 'string' } } });
const kept = path.join(homedir(), '.cache/casemate/advisories');
const place = values.db ?? (existsSync(kept) ? kept : undefined);
process.exitCode = place === undefined ? askRegistry() : lookUp(place);

function lookUp(folder: string): number {
  const parts = listParts(root);
  const database = readDatabase(folder);
  const file = path.join(import.meta.dirname, 'accepted.json');
  const accepted = JSON.parse(readFileSync(file, 'utf8')) as Accepted[];
  const { audited, why, refuses, mentions } = judge({ parts, database, accepted, now: new Date() });
  if (!audited) {
    console.error(`not audited: ${why ?? ''}`);
    return SKIPPED;
  }
  for (const line of mentions) console.log(`passes: ${line}`);
  for (const line of refuses) console.error(line);
  const newest = database.newest?.toISOString().slice(0, 10) ?? '';
  console.log(`${parts.length} parts, ${database.advisories.length} advisories up to ${newest}`);
  return refuses.length === 0 ? 0 : 1;
}

function askRegistry(): number {
  const { stdout, stderr } = spawnSync('npm', ['audit', '--omit=dev', '--json'], {
    ...{ cwd: root, encoding: 'utf8', timeout: 120_000 },
  });
  const verdict = readAudit(stdout);
  if (verdict === undefined) {
    console.error(stderr.trim());
    console.error(
      'not audited: no offline database (docs/supply-chain.md), and the registry gave no advisories',
    );
    return SKIPPED;
  }
  for (const line of verdict) console.error(line);
  return verdict.length === 0 ? 0 : 1;
}
