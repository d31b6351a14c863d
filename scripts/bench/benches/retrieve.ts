import https from 'node:https';
import { installAppliance, type BenchAppliance } from '../bench-appliance.ts';
import { percentile, rounded, type Bench } from '../figure.ts';
import { fillTenant } from '../fill-tenant.ts';
import { madeUpQuestion } from '../made-up-passages.ts';
import { randomFrom } from '../made-up-text.ts';

const PASSAGES = 100_000;
const WARM_UP = 100;
const SAMPLES = 500;

/** Hybrid search in a large tenant, as the server times it without the question's embedding. */
export const retrieve: Bench = {
  name: 'retrieve',
  title: 'hybrid search in a tenant of 100,000 passages, without the embedding of the question',
  run: async ({ report }) => {
    const appliance = await installAppliance(report);
    try {
      await fill(appliance, report);
      const random = randomFrom(7);
      const times: number[] = [];
      for (let asked = 0; asked < WARM_UP + SAMPLES; asked += 1) {
        const time = await searchTime(appliance, madeUpQuestion(random));
        if (asked >= WARM_UP) times.push(time);
      }
      const common = { unit: 'ms', better: 'lower' as const, reference: null };
      const p50 = rounded(percentile(times, 0.5), 1);
      const p95 = rounded(percentile(times, 0.95), 1);
      return {
        figures: [
          { ...common, id: 'retrieve.p50', value: p50, target: 30 },
          { ...common, id: 'retrieve.p95', value: p95, target: 30 },
        ],
        deviations: [
          'the passages and their vectors are made up and were put into the database directly',
        ],
      };
    } finally {
      appliance.remove();
    }
  },
};

async function fill(appliance: BenchAppliance, report: (text: string) => void): Promise<void> {
  const client = await appliance.superuser();
  try {
    const { tenantId } = appliance;
    await fillTenant(client, { tenantId, passages: PASSAGES, model: 'casemate-embed', report });
  } finally {
    await client.end();
  }
}

/** Milliseconds of the search alone, from the server's own Server-Timing header. */
function searchTime(
  { port, ca, adminToken, tenantId }: BenchAppliance,
  q: string,
): Promise<number> {
  return new Promise((done, fail) => {
    const request = https.request(
      {
        ca,
        port,
        host: '127.0.0.1',
        servername: 'localhost',
        path: `/api/tenants/${tenantId}/search?limit=5&q=${encodeURIComponent(q)}`,
        headers: { authorization: `Bearer ${adminToken}` },
      },
      (response) => {
        response.resume();
        const timing = /search;dur=([\d.]+)/.exec(String(response.headers['server-timing']))?.[1];
        if (response.statusCode === 200 && timing !== undefined) done(Number(timing));
        else fail(new Error(`the search answered ${String(response.statusCode)}`));
      },
    );
    request.on('error', fail);
    request.end();
  });
}
