import { openFleet } from '../fleet/fleet.ts';
import { percentile, rounded, type Bench } from '../figure.ts';

const ONE_BY_ONE = 20;
const BULK = 200;

/** New tenants over the API, one after another, then many by the command line. */
export const provision: Bench = {
  name: 'provision',
  title: 'new tenants: one after another, and in bulk',
  run: async ({ report, tenants }) => {
    const fleet = await openFleet(report);
    const { api, adminToken: token } = fleet.appliance;
    const samples: number[] = [];
    for (let made = 0; made < ONE_BY_ONE; made += 1) {
      const started = performance.now();
      const name = `One ${made} ${process.pid}`;
      const { id } = await api<{ id: string }>('POST', '/api/tenants', { token, json: { name } });
      for (;;) {
        const { state } = await api<{ state: string }>('GET', `/api/tenants/${id}`, { token });
        if (state === 'active') break;
        await new Promise((done) => setTimeout(done, 2));
      }
      samples.push(performance.now() - started);
    }
    const { made, seconds } = await fleet.growTo(Math.max(tenants, fleet.tenantIds.length + BULK));
    const reference = null;
    return {
      figures: [
        {
          id: 'provision.one',
          value: rounded(percentile(samples, 0.5), 0),
          unit: 'ms',
          target: 150,
          better: 'lower',
          reference: 30_000,
        },
        {
          id: 'provision.bulk',
          value: rounded(made / seconds, 1),
          unit: '/s',
          target: 20,
          better: 'higher',
          reference,
        },
      ],
      deviations: [],
    };
  },
};
