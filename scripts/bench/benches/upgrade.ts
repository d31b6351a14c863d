import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import https from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { makeReleaseKey } from '../../../installer/src/bundle/signing.ts';
import { deriveBundle } from '../../../installer/src/bundle/testing/derive-bundle.ts';
import { makeRelease, unpackRelease } from '../../../installer/src/bundle/testing/make-release.ts';
import { openFleet, type Fleet } from '../fleet/fleet.ts';
import { rounded, type Bench, type BenchResult } from '../figure.ts';

/** How long nobody is served while one tenant is upgraded over an additive migration. */
export const upgrade: Bench = {
  name: 'upgrade',
  title: 'making a bundle, and upgrading from it: how long nobody is served',
  run: ({ report }) => measure(report, 0),
};

export const upgradeSchemas: Bench = {
  name: 'upgrade-schemas',
  title: 'the same with many tenants, from the command to its end',
  run: ({ report, tenants }) => measure(report, tenants),
};

async function measure(report: (text: string) => void, tenants: number): Promise<BenchResult> {
  const dir = mkdtempSync('/tmp/cmgrade-');
  try {
    const fleet = await openFleet(report);
    if (tenants > 0) await fleet.growTo(tenants);
    const bundle = await makeBundle(dir, report);
    const watch = watchServing(fleet);
    const started = performance.now();
    const signer = ['--signer', bundle.fingerprint];
    const words = ['upgrade', bundle.next, '--yes', '--json', ...signer];
    fleet.database.on('error', () =>
      report('the connection of the bench ended with the old database'),
    );
    const answer = await run(fleet, words);
    const seconds = (performance.now() - started) / 1000;
    const gap = await watch.stop();
    const figure = { better: 'lower' as const, reference: null, unit: 's' };
    const name = tenants > 0 ? 'upgrade-schemas' : 'upgrade';
    return {
      figures: [
        { ...figure, id: `${name}.create`, value: rounded(bundle.seconds, 1), target: 600 },
        { ...figure, id: `${name}.interruption`, value: rounded(gap.ms / 1000, 1), target: 10 },
        { ...figure, id: `${name}.total`, value: rounded(seconds, 1), target: 120 },
      ],
      deviations: [
        'the next version is this one with an additive migration of every tenant',
        `the command itself saw ${rounded(answer.interruptionMs / 1000, 1)} s from the stop to the start`,
        `the longest silence began at "${gap.phase}"; instead of answers came ${JSON.stringify(gap.instead)}`,
      ],
    };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** An instance goes on trusting the key of its first bundle. */
const key = makeReleaseKey();
/** Of the versions that this run upgraded to before: the next one has them as well. */
const migrations: Record<string, string> = {};

async function makeBundle(dir: string, say: (text: string) => void) {
  const release = await makeRelease({ dir: join(dir, 'out'), key, say });
  const from = await unpackRelease(release, join(dir, 'base'));
  const count = Object.keys(migrations).length + 1;
  migrations[`server/server/migrations/tenant/900${count}-bench.sql`] =
    `alter table conversations add column bench_upgrade_${count} text;`;
  const next = join(dir, 'next');
  const { privatePem } = key;
  await deriveBundle({ from, to: next, privatePem, version: `9.${count}.0`, files: migrations });
  return { next, ...release };
}

/** Without waiting for it here: meanwhile the server is asked whether it serves. */
async function run({ appliance }: Fleet, words: string[]): Promise<{ interruptionMs: number }> {
  const place = ['--instance', appliance.instance, '--data-dir', appliance.dir];
  const child = spawn(join(appliance.dir, 'bin/casemate'), [...words, ...place], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [answer] = await Promise.all([text(child.stdout), once(child, 'close')]);
  if (child.exitCode !== 0) throw new Error(`the upgrade ended with ${String(child.exitCode)}`);
  return JSON.parse(answer) as { interruptionMs: number };
}

/** What came instead of a good answer, how often, and where the upgrade stood when the silence began. */
type Silence = { ms: number; phase: string; instead: Record<string, number> };

/**
 * Asks every 150 ms; the gap is the longest time between two good answers. Not more often: an address has
 * 600 questions a minute, and a refused one would pass for an interruption.
 */
function watchServing({ appliance }: Fleet) {
  const journal = join(appliance.dir, 'config', 'upgrade.json');
  const phase = () => {
    try {
      return (JSON.parse(readFileSync(journal, 'utf8')) as { phase: string }).phase;
    } catch {
      return 'before or after';
    }
  };
  const ask = (): Promise<string> =>
    new Promise((done) => {
      const { port, ca } = appliance;
      const [host, servername, path] = ['127.0.0.1', 'localhost', '/health/ready'];
      const options = { host, port, ca, servername, path, timeout: 2000 };
      const request = https.get(options, (response) => {
        response.resume();
        done(String(response.statusCode));
      });
      request.on('timeout', () => request.destroy(new Error('no answer in 2 s')));
      request.on('error', ({ message }) => done(message.replace(/\s*\d+\.\d+.*$/, '')));
    });
  let [last, stopped] = [performance.now(), false];
  let longest: Silence = { ms: 0, phase: '', instead: {} };
  let now: Silence = { ms: 0, phase: phase(), instead: {} };
  const running = (async () => {
    while (!stopped) {
      const answer = await ask();
      if (answer === '200') {
        now.ms = performance.now() - last;
        if (now.ms > longest.ms) longest = now;
        last = performance.now();
        now = { ms: 0, phase: phase(), instead: {} };
      } else now.instead[answer] = (now.instead[answer] ?? 0) + 1;
      await new Promise((done) => setTimeout(done, 150));
    }
  })();
  return {
    stop: async (): Promise<Silence> => {
      stopped = true;
      await running;
      return longest;
    },
  };
}
