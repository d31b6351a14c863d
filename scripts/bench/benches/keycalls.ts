import { setTimeout as pause } from 'node:timers/promises';
import { installAppliance, type BenchAppliance } from '../bench-appliance.ts';
import { rounded, type Bench } from '../figure.ts';
import { callsBetween, countKeyCalls, type KeyCalls } from '../count-key-calls.ts';
import { makeTenantsWithPeople, type Worker } from '../make-tenants.ts';

const TENANTS = 5;
const PEOPLE_OF_EACH = 4;
/** From one deed to the next, on average; each is what the dashboard asks for it. */
const PACE_MS = 6_000;

/** Calls of the server to the key service for each thousand requests of people at work. */
export const keycalls: Bench = {
  name: 'keycalls',
  title: 'key-service calls per 1,000 requests, 20 people of 5 tenants at work for --minutes',
  run: async ({ report, minutes }) => {
    const appliance = await installAppliance(report);
    try {
      const people = await makeTenantsWithPeople(appliance, TENANTS, PEOPLE_OF_EACH);
      const count = (program: 'server' | 'provisioner'): KeyCalls =>
        countKeyCalls(appliance.dir, program);
      const before = { server: count('server'), provisioner: count('provisioner') };
      report(`${people.length} people work for ${minutes} minutes`);
      const span = { from: Date.now(), until: Date.now() + minutes * 60_000 };
      const works = people.map((worker, n) => {
        // As if they had signed in one after another over the life of a token, all before this began.
        const refreshAt = span.from + ((n + 0.5) / people.length) * worker.tokenLife * 1000;
        return work(appliance, worker, { until: span.until, refreshAt });
      });
      const done = await Promise.all(works);
      const requests = done.reduce((sum, { sent }) => sum + sent, 0);
      const refreshes = done.reduce((sum, one) => sum + one.refreshes, 0);
      const { serving: calls, others: beside } = callsBetween(before.server, count('server'));
      const { serving: others } = callsBetween(before.provisioner, count('provisioner'));
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
          `${minutes} minutes of real time, ${requests} requests, ${calls.total} calls (${calls.text}); the provisioner made ${others.total} beside them`,
          `commands that ran beside the server, such as the daily verification, made ${beside.total} (${beside.text})`,
          `a deed of two requests every ${PACE_MS / 1000} s by each person; nothing is scaled: tokens live as long as they do, ${refreshes} ran out and were refreshed, spread as over any such time`,
          'begins cold: the first opening of each tenant (a key, a proof) is counted, which happens once in a quarter of an hour or an hour',
          'people make, list, open and rename conversations; they ask the model nothing',
        ],
      };
    } finally {
      appliance.remove();
    }
  },
};

type Span = { until: number; refreshAt: number };

/** Lists and opens, or renames and lists, until the time is over. */
async function work(
  { api }: BenchAppliance,
  worker: Worker,
  { until, refreshAt }: Span,
): Promise<{ sent: number; refreshes: number }> {
  const path = `/api/tenants/${worker.tenantId}/conversations`;
  let sent = 0;
  let refreshes = 0;
  const ask = <T>(method: string, at: string, json?: unknown): Promise<T> => {
    sent += 1;
    return api<T>(method, at, { token: worker.token, json });
  };
  await pause(Math.random() * PACE_MS);
  const { id } = await ask<{ id: string }>('POST', path, {});
  let next = refreshAt;
  while (Date.now() < until) {
    if (Date.now() >= next) {
      const { cookies } = worker;
      const session = await api<{ accessToken: string }>('POST', '/api/session/refresh', {
        cookies,
      });
      worker.token = session.accessToken;
      next += worker.tokenLife * 1000;
      refreshes += 1;
      sent += 1;
    }
    await ask('GET', path);
    if (sent % 10 < 2) await ask('PATCH', `${path}/${id}`, { title: `Deed ${sent}` });
    else await ask('GET', `${path}/${id}`);
    await pause(PACE_MS * (0.5 + Math.random()));
  }
  return { sent, refreshes };
}
