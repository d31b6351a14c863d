import { installAppliance } from '../bench-appliance.ts';
import { rounded, type Bench } from '../figure.ts';
import { openLoadClient } from '../load.ts';
import { conversationsPath, makeAccounts } from '../make-accounts.ts';

const CLIENTS = 32;
const WARM_UP_MS = 2_000;
const MEASURE_MS = 10_000;

/** The same as `light` with 32 clients of 32 accounts. */
export const rate: Bench = {
  name: 'rate',
  title: 'list conversations, 32 clients of 32 accounts: requests per second',
  run: async ({ report }) => {
    const appliance = await installAppliance(report);
    try {
      const tokens = await makeAccounts(appliance, CLIENTS, 5);
      const target = { ...appliance, path: conversationsPath(appliance) };
      const clients = await Promise.all(tokens.map((token) => openLoadClient(target, token)));
      const runFor = async (ms: number): Promise<number> => {
        const end = performance.now() + ms;
        let answers = 0;
        await Promise.all(
          clients.map(async (client) => {
            while (performance.now() < end) {
              await client.once();
              answers += 1;
            }
          }),
        );
        return answers / (ms / 1000);
      };
      await runFor(WARM_UP_MS);
      const value = rounded(await runFor(MEASURE_MS), 0);
      for (const client of clients) client.close();
      return {
        figures: [
          { id: 'rate', value, unit: 'requests/s', target: 800, better: 'higher', reference: 11 },
        ],
        deviations: [
          'the clients run on the same two cores as the server',
          'the accounts were made in the database, since invitations come with a later release',
        ],
      };
    } finally {
      appliance.remove();
    }
  },
};
