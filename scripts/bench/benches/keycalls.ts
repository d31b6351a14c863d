import { setTimeout as pause } from 'node:timers/promises';
import { installAppliance, type BenchAppliance } from '../bench-appliance.ts';
import { rounded, type Bench } from '../figure.ts';
import { callsBetween, countKeyCalls } from '../count-key-calls.ts';
import { makeTenantsWithPeople, type Worker } from '../make-tenants.ts';

const TENANTS = 5;
const PEOPLE_OF_EACH = 4;
const MINUTES = 5;
/** From one deed to the next, on average; each is what the dashboard asks for it. */
const PACE_MS = 6_000;

/** Calls of the server to the key service for each thousand requests of people at work. */
export const keycalls: Bench = {
  name: 'keycalls',
  title: 'key-service calls per 1,000 requests, 20 people of 5 tenants at work',
  run: async ({ report }) => {
    const appliance = await installAppliance(report);
    try {
      const people = await makeTenantsWithPeople(appliance, TENANTS, PEOPLE_OF_EACH);
      const before = countKeyCalls(appliance.dir);
      report(`${people.length} people work for ${MINUTES} minutes`);
      const until = Date.now() + MINUTES * 60_000;
      const counts = await Promise.all(people.map((worker) => work(appliance, worker, until)));
      const requests = counts.reduce((sum, count) => sum + count, 0);
      const calls = callsBetween(before, countKeyCalls(appliance.dir));
      report(`${requests} requests, ${calls.total} calls: ${calls.text}`);
      return {
        figures: [
          {
            id: 'keycalls',
            value: rounded((calls.total * 1000) / requests, 1),
            unit: 'per 1,000',
            target: 10,
            better: 'lower',
            reference: null,
          },
        ],
        deviations: [
          `${MINUTES} minutes of real time instead of an hour; a deed of two requests every ${PACE_MS / 1000} s by each person (${requests} requests; ${calls.text})`,
          'people list, open and rename conversations; they ask the model nothing',
          'counted in the audit log of the key service, sign-in and token signing included',
        ],
      };
    } finally {
      appliance.remove();
    }
  },
};

/** Lists and opens, or renames and lists, until the time is over. Returns the requests sent. */
async function work({ api }: BenchAppliance, worker: Worker, until: number): Promise<number> {
  const { tenantId, token, conversationId } = worker;
  const path = `/api/tenants/${tenantId}/conversations`;
  let sent = 0;
  await pause(Math.random() * PACE_MS);
  while (Date.now() < until) {
    await api('GET', path, { token });
    if (sent % 10 === 0)
      await api('PATCH', `${path}/${conversationId}`, { token, json: { title: `Deed ${sent}` } });
    else await api('GET', `${path}/${conversationId}`, { token });
    sent += 2;
    await pause(PACE_MS * (0.5 + Math.random()));
  }
  return sent;
}
