import type { LiveCheck } from '../platform/index.ts';
import { listSecrets } from './list-secrets.ts';
import type { Secret } from './secret.ts';

/** SEC-03 on the running system; `secrets` is the inventory of all rooms. */
export function rotationChecks(secrets: readonly Secret[]): readonly LiveCheck[] {
  return [
    {
      control: 'SEC-03',
      examines:
        'asks the store of each secret how old it is, and compares with the plan: signing keys and database passwords 90 days, the others as the inventory says',
      run: async (ctx) => {
        const entries = await listSecrets(ctx, secrets);
        const late = entries.filter(({ state }) => state === 'overdue' || state === 'unknown');
        const oldest = Math.max(0, ...entries.map(({ ageDays }) => ageDays ?? 0));
        const known = entries.reduce((sum, { reading }) => sum + reading.count, 0);
        if (late.length === 0)
          return {
            status: 'pass',
            evidence: `${known} secrets of ${entries.length} kinds, the oldest ${oldest} days old; none is overdue`,
          };
        const names = late.map(({ secret, state }) => `${secret.name} (${state})`).join(', ');
        return { status: 'fail', evidence: `of ${entries.length} kinds: ${names}` };
      },
    },
  ];
}
