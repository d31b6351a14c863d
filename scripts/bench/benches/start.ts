import { installAppliance } from '../bench-appliance.ts';
import { percentile, rounded, type Bench } from '../figure.ts';

const ROUNDS = 5;

/** From the start of the server process until it serves, as its own log says, five times. */
export const start: Bench = {
  name: 'start',
  title: 'server process to ready, median of five',
  run: async ({ report }) => {
    const appliance = await installAppliance(report);
    try {
      const samples: number[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        appliance.casemate('restart', 'server');
        samples.push(lastReady(appliance.casemate('logs', 'server', '--lines', '50')));
      }
      return {
        figures: [
          {
            id: 'start',
            value: rounded(percentile(samples, 0.5) / 1000),
            unit: 's',
            target: 2.5,
            better: 'lower',
            reference: 28,
          },
        ],
        deviations: [],
      };
    } finally {
      appliance.remove();
    }
  },
};

function lastReady(log: string): number {
  const lines = log.split('\n').filter((line) => line.includes('"message":"ready"'));
  const { sinceStart } = JSON.parse(/\{.*\}/.exec(lines.at(-1) ?? '')?.[0] ?? '{}') as {
    sinceStart?: number;
  };
  if (sinceStart === undefined) throw new Error('the server log has no "ready" line');
  return sinceStart;
}
