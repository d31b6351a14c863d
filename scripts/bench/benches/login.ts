import { setTimeout as sleep } from 'node:timers/promises';
import { askFrom } from '../ask-from.ts';
import { installAppliance } from '../bench-appliance.ts';
import { percentile, rounded, type Bench } from '../figure.ts';
import { BENCH_PASSWORD, emailOf, insertPeople } from '../insert-people.ts';
import { openLoadClient, type LoadClient } from '../load.ts';
import { conversationsPath, makeAccounts } from '../make-accounts.ts';

const PEOPLE = 50;
const WARM_UP = 200;
const SAMPLES = 700;
/** One answer at a time, so that the budget of an account is kept. */
const PAUSE_MS = 20;

/** What others notice of fifty people who sign in at nine. */
export const login: Bench = {
  name: 'login',
  title: '50 people sign in at once: by how much p95 of `light` grows',
  run: async ({ report }) => {
    const appliance = await installAppliance(report);
    try {
      const [token = ''] = await makeAccounts(appliance, 1, 20);
      await insertPeople(appliance, [{ kind: 'nine', count: PEOPLE, members: true }]);
      const target = { ...appliance, path: conversationsPath(appliance) };
      const client = await openLoadClient(target, token);
      for (let sent = 0; sent < WARM_UP; sent += 1) await client.once();
      const before = await sample(client, (sent) => sent < SAMPLES);
      let waiting = true;
      const started = performance.now();
      const signIns = Promise.all(
        Array.from({ length: PEOPLE }, (_none, number) =>
          askFrom(appliance, {
            path: '/api/session',
            json: { email: emailOf('nine', number), password: BENCH_PASSWORD },
            // One office, behind one address.
            from: '127.9.0.1',
          }),
        ),
      ).finally(() => (waiting = false));
      const during = await sample(client, () => waiting);
      const answers = await signIns;
      const seconds = (performance.now() - started) / 1_000;
      client.close();
      const refused = answers.filter(({ status }) => status !== 201);
      if (refused.length > 0)
        throw new Error(`${refused.length} sign-ins failed: ${refused[0]?.text ?? ''}`);
      const p95 = percentile(before, 0.95);
      report(
        `p95 before ${rounded(p95)} ms of ${before.length}; all were in after ${rounded(seconds)} s`,
      );
      return {
        figures: [
          {
            id: 'login',
            value: rounded(percentile(during, 0.95) / p95),
            unit: 'x',
            target: 2,
            better: 'lower',
            reference: null,
          },
          {
            id: 'login.p95',
            value: rounded(percentile(during, 0.95)),
            unit: 'ms',
            target: rounded(2 * p95),
            better: 'lower',
            reference: rounded(p95),
          },
          {
            id: 'login.slowest',
            value: rounded(Math.max(...answers.map(({ ms }) => ms)) / 1_000),
            unit: 's',
            target: 30,
            better: 'lower',
            reference: null,
          },
        ],
        deviations: [
          'the accounts were made in the database; the clients run on the cores of the server',
          `the client of \`light\` asks again after ${PAUSE_MS} ms, to keep within its account's budget`,
        ],
      };
    } finally {
      appliance.remove();
    }
  },
};

async function sample(client: LoadClient, more: (sent: number) => boolean): Promise<number[]> {
  const samples: number[] = [];
  while (more(samples.length)) {
    samples.push(await client.once());
    await sleep(PAUSE_MS);
  }
  return samples;
}
