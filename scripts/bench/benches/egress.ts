import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import type { EgressReport } from '../../../installer/src/egress/judge.ts';
import type { Bench } from '../figure.ts';

const casemate = join(resolve(import.meta.dirname, '../../..'), 'installer/bin/casemate');

/** Packets and names that leave over installation, use and idling. An invalid report has no figures. */
export const egress: Bench = {
  name: 'egress',
  title: 'packets and names outside the allowlist: install, use, idle (5 min; --full an hour)',
  run: ({ full, report }) => {
    const seconds = full ? 3600 : 300;
    const words = ['egress', 'verify', '--json', '--seconds', String(seconds)];
    report(`installing, using and idling for ${seconds} s in a network of its own`);
    const found = JSON.parse(execute([...words, '--instance', 'no-such'])) as EgressReport;
    if (!found.valid) throw new Error('a canary was not caught: nothing is proven');
    const figure = (id: string, value: number) => ({
      ...{ id, value, unit: 'in all', target: 0, better: 'lower' as const, reference: null },
    });
    return Promise.resolve({
      figures: [figure('egress-packets', found.packets), figure('egress-names', found.names)],
      deviations: ['it runs under the supervisor, in a network of its own'],
    });
  },
};

/** Its status is 1 when something left; that is a figure, too. */
function execute(words: readonly string[]): string {
  try {
    return execFileSync(casemate, words, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  } catch (error) {
    const { stdout } = error as { stdout?: string };
    if (stdout?.includes('"canary_caught"')) return stdout;
    throw error;
  }
}
