import { Fault } from '../fault.ts';
import { visible } from '../tenants/ask-server.ts';
import { askServerCommand } from './ask-server-command.ts';
import type { Command, CommandCall } from './command.ts';

type Accepted = { accounts: number; memberships: number; factorsDropped: number };
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
  others: { kind: string; tenant: string | null; says: string }[];
};

export const rights: Command = {
  name: 'rights',
  summary: 'show rows of rights that the server did not write, and accept accounts and memberships',
  description: [
    'list            every account, membership, group, custom role, rule, connection, invitation and row',
    '                of a directory that counts for nothing, because somebody wrote it into the database',
    '                who is not the server (exit code 1 when there is one)',
    'accept E-MAIL   takes the account with this address and its memberships as they are now',
    'accept --all    takes all of them: after a roll back, or a repair by hand',
    '',
    'Where an account has second factors, say what is to be of them: whoever holds one signs in with it.',
    'What is neither account nor membership is set anew, or removed, on its page.',
    'Look at each before you accept it: it can be the work of a thief (docs/rights.md).',
  ].join('\n'),
  words: { value: 'list|accept [E-MAIL]', most: 2 },
  flags: {
    all: { type: 'boolean', help: 'accept all accounts and memberships that `rights list` shows' },
    'keep-factors': { type: 'boolean', help: 'accept second factors with their accounts' },
    'drop-factors': { type: 'boolean', help: 'take second factors away; people set up new ones' },
  },
  run: async (call) => {
    const [verb = 'list', email] = call.words;
    const all = call.flags['all'] === true;
    if (verb === 'list' && email === undefined && !all) return list(call);
    if (verb !== 'accept' || all === (email !== undefined))
      throw new Fault('Say what to do: rights list, rights accept E-MAIL, rights accept --all', {
        code: 'usage',
      });
    const [keep, drop] = [call.flags['keep-factors'] === true, call.flags['drop-factors'] === true];
    if (keep && drop)
      throw new Fault('Say --keep-factors or --drop-factors, not both', { code: 'usage' });
    const factors = keep ? 'keep' : drop ? 'drop' : null;
    const wish = { verb, email: email ?? null, factors };
    const done = await askServerCommand<Accepted>(call, 'rights', wish);
    const { accounts, memberships, factorsDropped } = done;
    call.answer(
      `Accepted as they are: ${count(accounts, 'account')}, ${count(memberships, 'membership')}.${factorsDropped === 0 ? '' : ` Taken away: ${count(factorsDropped, 'second factor')}.`}`,
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
    ...found.others.map(
      ({ kind, tenant, says }) =>
        `${kind}  ${tenant === null ? 'of the platform' : `of ${visible(tenant)}`}: ${visible(says)}`,
    ),
  ];
  const none = lines.length === 0;
  call.answer(
    none
      ? 'Every account, membership and row that decides about rights was written by the server.'
      : lines.join('\n'),
    found,
  );
  return none ? 'ok' : 'failed';
}

const count = (many: number, noun: string): string => `${many} ${noun}${many === 1 ? '' : 's'}`;
