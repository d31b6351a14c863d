/** Runs benches by name and prints their figures beside the targets. */
import { parseArgs } from 'node:util';
import { benches } from './benches/index.ts';
import { removeFleet } from './fleet/fleet.ts';
import type { Bench, BenchResult } from './figure.ts';

const USAGE =
  'usage: scripts/bench.sh --list | NAME… [--json] [--data DIR] [--tenants N] [--minutes N] [--rounds N] [--full]\n';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    data: { type: 'string' },
    tenants: { type: 'string', default: '1000' },
    minutes: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '200' },
    full: { type: 'boolean', default: false },
  },
});

function choose(names: readonly string[]): Bench[] {
  return names.map((name) => {
    const bench = benches.find((candidate) => candidate.name === name);
    if (bench) return bench;
    process.stderr.write(`There is no bench "${name}"; see scripts/bench.sh --list\n`);
    process.exit(2);
  });
}

async function main(): Promise<void> {
  if (values.list) {
    for (const { name, title } of benches) process.stdout.write(`${name.padEnd(12)} ${title}\n`);
    return;
  }
  if (positionals.length === 0) {
    process.stderr.write(USAGE);
    process.exitCode = 2;
    return;
  }
  const tenants = Number(values.tenants);
  if (!Number.isInteger(tenants) || tenants < 1 || tenants > 20_000) {
    process.stderr.write('--tenants takes a number from 1 to 20000\n');
    process.exitCode = 2;
    return;
  }
  const minutes = Number(values.minutes);
  if (!Number.isInteger(minutes) || minutes < 1 || minutes > 60) {
    process.stderr.write('--minutes takes a number from 1 to 60\n');
    process.exitCode = 2;
    return;
  }
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > 10_000) {
    process.stderr.write('--rounds takes a number from 1 to 10000\n');
    process.exitCode = 2;
    return;
  }
  const all: BenchResult = { figures: [], deviations: [] };
  for (const bench of choose(positionals)) {
    const report = (text: string): void => void process.stderr.write(`${bench.name}: ${text}\n`);
    const { figures, deviations } = await bench.run({
      data: values.data,
      tenants,
      minutes,
      rounds,
      full: values.full,
      report,
    });
    // A later bench may fail; what was measured is not lost.
    for (const { id, value, unit } of figures) report(`${id} ${value} ${unit}`);
    all.figures.push(...figures);
    all.deviations.push(...deviations.map((text) => `${bench.name}: ${text}`));
  }
  process.stdout.write(values.json ? `${JSON.stringify(all)}\n` : table(all));
}

function table({ figures, deviations }: BenchResult): string {
  const rows = figures.map(({ id, value, unit, target, better, reference }) => {
    const met = better === 'lower' ? value <= target : value >= target;
    const sign = better === 'lower' ? '≤' : '≥';
    return `${met ? '✓' : '✗'} ${id.padEnd(20)} ${`${value} ${unit}`.padEnd(18)} target ${sign} ${String(target).padEnd(8)} reference ${reference ?? 'none'}\n`;
  });
  return rows.join('') + deviations.map((text) => `  deviation: ${text}\n`).join('');
}

try {
  await main();
} finally {
  await removeFleet();
}
