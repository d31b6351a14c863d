import { Fault } from '../fault.ts';
import type { InstanceLayout } from '../instance/layout.ts';
import { findAccount, serviceAccounts } from './accounts.ts';
import type { Account, AccountName } from './accounts.ts';

/** The service accounts of an instance of root; nothing for an instance of an ordinary user. */
export function getAccounts(layout: InstanceLayout): Partial<Record<AccountName, Account>> {
  if (!layout.asRoot) return {};
  const names = Object.values(serviceAccounts);
  return Object.fromEntries(names.map((name) => [name, getAccount(name)]));
}

function getAccount(name: AccountName): Account {
  const account = findAccount(name);
  if (account) return account;
  throw new Fault(`The service account ${name} does not exist`, {
    next: 'Run `casemate install` again; it creates it.',
    code: 'notInstalled',
  });
}
