import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
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
        { ...figure, id: `${name}.interruption`, value: rounded(gap, 1), target: 10 },
        { ...figure, id: `${name}.total`, value: rounded(seconds, 1), target: 120 },
      ],
      deviations: [
        'the next version is this one with an additive migration of every tenant',
        `the command itself saw ${rounded(answer.interruptionMs / 1000, 1)} s from the stop to the start`,
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

/** Asks every 50 ms; the gap is the longest time between two answers. */
function watchServing({ appliance }: Fleet) {
  let [last, longest, stopped] = [performance.now(), 0, false];
  const ask = (): Promise<boolean> =>
    new Promise((done) => {
      const { port, ca } = appliance;
      const request = https.get(
        {
          host: '127.0.0.1',
          port,
          ca,
          servername: 'localhost',
          path: '/health/ready',
          timeout: 2000,
        },
        (response) => {
          response.resume();
          done(response.statusCode === 200);
        },
      );
      request.on('timeout', () => request.destroy());
      request.on('error', () => done(false));
    });
  const running = (async () => {
    while (!stopped) {
      if (await ask()) {
        longest = Math.max(longest, performance.now() - last);
        last = performance.now();
      }
      await new Promise((done) => setTimeout(done, 50));
    }
  })();
  return {
    stop: async (): Promise<number> => {
      stopped = true;
      await running;
      return longest / 1000;
    },
  };
}
