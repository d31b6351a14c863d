import { installAppliance } from '../bench-appliance.ts';
import { percentile, rounded, type Bench } from '../figure.ts';
import { openLoadClient } from '../load.ts';
import { conversationsPath, makeAccounts } from '../make-accounts.ts';

const WARM_UP = 200;
const SAMPLES = 2_000;

/** List conversations, signed in, one client. */
export const light: Bench = {
  name: 'light',
  title: 'list conversations, signed in, one client: p50 and p95',
  run: async ({ report }) => {
    const appliance = await installAppliance(report);
    try {
      const [token = ''] = await makeAccounts(appliance, 1, 20);
      const target = { ...appliance, path: conversationsPath(appliance) };
      const client = await openLoadClient(target, token);
      for (let sent = 0; sent < WARM_UP; sent += 1) await client.once();
      const samples: number[] = [];
      for (let sent = 0; sent < SAMPLES; sent += 1) samples.push(await client.once());
      client.close();
      const figure = { unit: 'ms', better: 'lower' as const };
      return {
        figures: [
          {
            ...figure,
            id: 'light.p50',
            value: rounded(percentile(samples, 0.5)),
            target: 3,
            reference: 11,
          },
          {
            ...figure,
            id: 'light.p95',
            value: rounded(percentile(samples, 0.95)),
            target: 8,
            reference: 23,
          },
        ],
        deviations: [
          'the account was made in the database, since invitations come with a later release',
        ],
      };
    } finally {
      appliance.remove();
    }
  },
};
