import type { LiveCheck } from '../platform/index.ts';
import { listUntrusted } from './rights/untrusted-rows.ts';
import { countWeakHashes, listCopiesOfPersons } from './repo-checks.ts';

/** What of this room can be seen to hold on the live system. */
export const identityChecks: readonly LiveCheck[] = [
  {
    control: 'AUT-01',
    examines:
      'The form of every stored password hash, and that the server itself wrote each account and membership, and all groups, rules, connections, invitations and rows of directories.',
    run: async (ctx) => {
      const { total, weak } = await ctx.inControl(countWeakHashes);
      if (weak > 0)
        return {
          status: 'fail',
          evidence: `${weak} of ${total} are not bcrypt of cost 12 or more.`,
        };
      const { accounts, memberships, others } = await listUntrusted(ctx);
      if (accounts.length + memberships.length + others.length > 0)
        return {
          status: 'fail',
          evidence: `${accounts.length} accounts and ${memberships.length} memberships${countOthers(others)} were not written by the server; \`casemate rights list\` shows them.`,
        };
      return {
        status: 'pass',
        evidence: `${total} passwords are bcrypt of cost 12 or more, and the server wrote every account, membership and row that decides about rights.`,
      };
    },
  },
  {
    control: 'PII-02',
    examines: 'Columns of the database that would hold an e-mail address or a name of a person.',
    run: async (ctx) => {
      const copies = await ctx.inControl(listCopiesOfPersons);
      if (copies.length > 0)
        return { status: 'fail', evidence: `Also held by ${copies.join(', ')}.` };
      return { status: 'pass', evidence: 'No column but those of control.accounts is for them.' };
    },
  },
];

function countOthers(others: readonly { kind: string }[]): string {
  const kinds = Map.groupBy(others, ({ kind }) => kind);
  return [...kinds].map(([kind, rows]) => `, ${rows.length} of the kind “${kind}”`).join('');
}
