import type { Decision } from '../lib/api/types.ts';

const REFUSALS: Readonly<Record<NonNullable<Decision['refusal']>, string>> = {
  email_not_vouched: 'The directory does not say that the address was verified.',
  domain_not_owned:
    'The domain of the address is not among this connection’s, or was not shown to be yours.',
  not_invited: 'There is no account, and this connection makes none by itself.',
  no_role: 'No group of theirs gives a role, and there is no default role.',
  confirm_first:
    'There is an account that can do more than a member here. Whoever has it signs in as before and connects it in the security settings.',
  account_ended: 'The account was deactivated.',
  account_distrusted: 'The account’s row was changed in the database: see docs/rights.md.',
};
const WAYS: Readonly<Record<NonNullable<Decision['account']>, string>> = {
  linked: 'They come into the account that was connected before.',
  link: 'They come into the account that has their address; it is connected with the first sign-in.',
  activate: 'They come into the account that was invited.',
  create: 'An account is made for them.',
};

/** What a decision means, a sentence each, the first one first. */
export function decisionWords(decision: Decision): string[] {
  const { refusal, account, changes, matched, keptAdminOf } = decision;
  const words = [refusal ? REFUSALS[refusal] : account ? WAYS[account] : ''];
  if (matched.length > 0) words.push(`Groups that count: ${matched.join(', ')}.`);
  for (const { from, role } of changes)
    words.push(
      role === null
        ? `They lose the role ${from ?? ''}.`
        : from === null
          ? `They get the role ${role}.`
          : `Their role changes from ${from} to ${role}.`,
    );
  if (!refusal && changes.length === 0) words.push('Their role stays as it is.');
  if (keptAdminOf.length > 0)
    words.push('They stay administrator, since the tenant has no other one.');
  return words.filter((word) => word !== '');
}
