import type { LiveCheck } from '../platform/index.ts';
import { countAuditTables, listAppendOnlyFaults } from './append-only.ts';

/** What of this room can be seen to hold on the live system. */
export const auditChecks: readonly LiveCheck[] = [
  {
    control: 'AUD-02',
    examines: 'Grants and triggers of every audit table in the catalog of the database.',
    run: async (ctx) => {
      const count = await ctx.inControl(countAuditTables);
      const faults = await ctx.inControl(listAppendOnlyFaults);
      if (count === 0) return { status: 'fail', evidence: 'There is no audit table.' };
      if (faults.length > 0) {
        const list = faults.slice(0, 5).map(({ place, fault }) => `${place}: ${fault}`);
        return { status: 'fail', evidence: `${list.join('; ')}.` };
      }
      const evidence = `${count} audit tables: writers insert alone, triggers refuse UPDATE, DELETE and TRUNCATE.`;
      return { status: 'pass', evidence };
    },
  },
];
