/**
 * Applies each sabotage in turn to a copy of the last commit and runs the test that must notice.
 * Ends with a count; a sabotage that no test notices is a failure.
 */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { runSabotages } from './run-sabotages.ts';
import { readSabotages } from './sabotage.ts';

const root = resolve(import.meta.dirname, '../..');
const { values, positionals: words } = parseArgs({
  allowPositionals: true,
  options: {
    list: { type: 'boolean', default: false },
    /** Only those whose test has this in its path. */
    test: { type: 'string', default: '' },
    /** Only those of which this is said. */
    what: { type: 'string', default: '' },
    /** One of several equal parts, as `2/6`. */
    shard: { type: 'string', default: '1/1' },
    /** How many at a time. */
    workers: { type: 'string', default: '2' },
    /** Keeps what each test said in this folder. */
    logs: { type: 'string' },
    /** For the signed report of a run of all tests. */
    report: { type: 'string' },
  },
});
const all = readSabotages(root);
const unknown = words.filter((word) => !all.some(({ id }) => id === word));
if (unknown.length > 0) {
  process.stderr.write(
    `There is no sabotage of ${unknown.join(', ')}; see scripts/sabotage.sh --list\n`,
  );
  process.exit(2);
}
const [shard = 1, shards = 1] = values.shard.split('/').map(Number);
const chosen = all
  .filter(({ id }) => words.length === 0 || words.includes(id))
  .filter(({ test, what }) => test.includes(values.test) && what.includes(values.what))
  .filter((_, index, list) => Math.floor((index * shards) / list.length) === shard - 1);
if (values.list) {
  for (const { id, what } of chosen) process.stdout.write(`${id.padEnd(8)} ${what}\n`);
  process.exit(0);
}

// Parts and tests end with this process, and it ends when it is told to.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
const outcomes = await runSabotages({
  root,
  sabotages: chosen,
  workers: Math.max(1, Number(values.workers) || 1),
  logs: values.logs,
  say: (text) => void process.stdout.write(`${text}\n`),
});
if (values.report !== undefined) writeFileSync(values.report, JSON.stringify(outcomes));
const noticed = outcomes.filter(({ outcome }) => outcome === 'noticed').length;
process.stdout.write(`${noticed} passed, ${chosen.length - noticed} failed\n`);
process.exit(noticed === chosen.length && noticed > 0 ? 0 : 1);
