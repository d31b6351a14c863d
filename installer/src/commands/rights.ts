import { Fault } from '../fault.ts';
import { visible } from '../tenants/ask-server.ts';
import { askServerCommand } from './ask-server-command.ts';
import type { Command, CommandCall } from './command.ts';

type Untrusted = {
  accounts: {
    email: string;
    platformRole: string | null;
    factors: string[];
    createdAt: string;
  }[];
  memberships: {
    email: string;
    tenant: string;
    role: string;
    level: number | null;
    customRoles: string[];
    createdAt: string;
  }[];
};

export const rights: Command = {
  name: 'rights',
  summary: 'show accounts and memberships that the server did not write, and accept them',
  description: [
    'list            every account and membership that counts for nothing, because somebody wrote it',
    '                into the database who is not the server (exit code 1 when there is one)',
    'accept E-MAIL   takes the account with this address and its memberships as they are now',
    'accept --all    takes all of them: after a roll back, or a repair by hand',
    '',
    'Look at each before you accept it: it can be the work of a thief (docs/rights.md).',
  ].join('\n'),
  words: { value: 'list|accept [E-MAIL]', most: 2 },
  flags: { all: { type: 'boolean', help: 'accept all that `rights list` shows' } },
  run: async (call) => {
    const [verb = 'list', email] = call.words;
    const all = call.flags['all'] === true;
    if (verb === 'list' && email === undefined && !all) return list(call);
    if (verb !== 'accept' || all === (email !== undefined))
      throw new Fault('Say what to do: rights list, rights accept E-MAIL, rights accept --all', {
        code: 'usage',
      });
    const wish = { verb, email: email ?? null };
    const done = await askServerCommand<{ accounts: number; memberships: number }>(
      call,
      'rights',
      wish,
    );
    const { accounts, memberships } = done;
    call.answer(
      `Accepted as they are: ${count(accounts, 'account')}, ${count(memberships, 'membership')}.`,
      done,
    );
    return 'ok';
  },
};

async function list(call: CommandCall): Promise<'ok' | 'failed'> {
  const found = await askServerCommand<Untrusted>(call, 'rights', { verb: 'list' });
  const lines = [
    ...found.accounts.map(
      ({ email, platformRole, factors, createdAt }) =>
        `${visible(email)}  account${platformRole === null ? '' : ' of an administrator of the platform'}, made ${createdAt}, ${factors.length === 0 ? 'no second factor' : `second factors: ${visible(factors.join(', '))}`}`,
    ),
    ...found.memberships.map(
      ({ email, tenant, role, level, customRoles, createdAt }) =>
        `${visible(email)}  ${role} of ${visible(tenant)}, ${level === null ? 'usual level' : `level ${level}`}${customRoles.length === 0 ? '' : `, custom roles: ${visible(customRoles.join(', '))}`}, made ${createdAt}`,
    ),
  ];
  const none = lines.length === 0;
  call.answer(
    none ? 'Every account and membership was written by the server.' : lines.join('\n'),
    found,
  );
  return none ? 'ok' : 'failed';
}

const count = (many: number, noun: string): string => `${many} ${noun}${many === 1 ? '' : 's'}`;
