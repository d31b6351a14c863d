import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { installAppliance } from '../bench-appliance.ts';
import { rounded, type Bench } from '../figure.ts';

const SETTLE_MS = 30_000;

/** Resident memory of the server process after a start and half a minute of nothing. */
export const idle: Bench = {
  name: 'idle',
  title: 'server memory, idle, no model',
  run: async ({ report }) => {
    const appliance = await installAppliance(report);
    try {
      appliance.casemate('restart', 'server');
      report(`waiting ${SETTLE_MS / 1000} s`);
      await sleep(SETTLE_MS);
      const status = readFileSync(`/proc/${String(appliance.pids()['server'])}/status`, 'utf8');
      const kilobytes = Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]);
      return {
        figures: [
          {
            id: 'idle',
            value: rounded(kilobytes / 1000, 1),
            unit: 'MB',
            target: 160,
            better: 'lower',
            reference: 1203,
          },
        ],
        deviations: [],
      };
    } finally {
      appliance.remove();
    }
  },
};
