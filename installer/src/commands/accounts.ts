import { Fault } from '../fault.ts';
import { visible } from '../tenants/ask-server.ts';
import { askServerCommand } from './ask-server-command.ts';
import type { Command, CommandCall } from './command.ts';

type Listed = {
  accounts: {
    email: string;
    name: string;
    state: string;
    platformRole: string | null;
    tenants: number;
    trusted: boolean;
  }[];
  invitations: { email: string; tenant: string | null; role: string; expiresAt: string }[];
  more: boolean;
};

export const accounts: Command = {
  name: 'accounts',
  summary: 'list, invite and deactivate people, make links for new passwords, reset second factors',
  description: [
    'list [TEXT]         accounts whose name or address holds TEXT, and open invitations',
    'invite E-MAIL       invites to run the platform, or with --tenant to a tenant',
    'review              who has what in the tenant of --tenant, for a review of access; as CSV with --csv',
    'deactivate E-MAIL   ends sessions, streams, keys and waiting work of the account at once',
    'reactivate E-MAIL   lets it in again',
    'reset-link E-MAIL   a one-time link to hand over, with which the person sets a new password',
    'erase E-MAIL        takes the person out of a deactivated account for good',
    'reset-factors E-MAIL  takes every second factor and recovery code of this account away and ends',
    '                    its sessions: its person signs in with the password alone once more, and',
    '                    sets a new factor up before anything else, where the role needs one',
    '',
    'Nobody but the person ever knows the password (docs/accounts.md). reset-factors is for an',
    'administrator whom no other administrator can help (docs/second-factors.md): be sure who asks.',
    'Everything is in the audit log of the platform.',
  ].join('\n'),
  words: {
    value: 'list|invite|review|deactivate|reactivate|reset-link|reset-factors|erase [E-MAIL]',
    most: 2,
  },
  flags: {
    tenant: { type: 'string', value: 'NAME', help: 'of this tenant, by name or id' },
    csv: { type: 'boolean', help: 'the review as CSV, for a spreadsheet' },
    role: { type: 'string', value: 'ROLE', help: 'member, reviewer or admin (as it is not said)' },
  },
  run: async (call) => {
    const [verb = 'list', word] = call.words;
    if (verb === 'list') return list(call, word ?? '');
    if (verb === 'review') return review(call);
    if (word === undefined || !VERBS.has(verb))
      throw new Fault(`Say what to do: accounts ${[...VERBS].join('|')} E-MAIL, accounts list`, {
        code: 'usage',
      });
    if (verb === 'invite') return invite(call, word);
    if (verb === 'reset-link') return makeLink(call, word);
    if (verb === 'reset-factors') return takeFactors(call, word);
    const done = await askServerCommand(call, 'accounts', { verb, email: word });
    call.answer(`${visible(word)} is ${DONE[verb] ?? 'changed'}.`, done);
    return 'ok';
  },
};

const VERBS = new Set([
  'invite',
  'deactivate',
  'reactivate',
  'reset-link',
  'reset-factors',
  'erase',
]);
const DONE: Readonly<Record<string, string>> = {
  deactivate: 'deactivated',
  reactivate: 'let in again',
  erase: 'erased',
};

async function list(call: CommandCall, search: string): Promise<'ok'> {
  const found = await askServerCommand<Listed>(call, 'accounts', { verb: 'list', search });
  const lines = [
    ...found.accounts.map(({ email, name, state, platformRole, tenants, trusted }) =>
      [
        visible(email),
        visible(name),
        trusted ? state : 'not written by the server',
        platformRole === null ? '' : 'runs the platform',
        `${tenants} ${tenants === 1 ? 'tenant' : 'tenants'}`,
      ]
        .filter((part) => part !== '')
        .join('  '),
    ),
    ...found.invitations.map(
      ({ email, tenant, role, expiresAt }) =>
        `${visible(email)}  invited to ${tenant === null ? 'the platform' : visible(tenant)} as ${role}, until ${expiresAt}`,
    ),
    ...(found.more ? ['… and more; name a part of the address'] : []),
  ];
  call.answer(lines.length === 0 ? 'Nobody matches.' : lines.join('\n'), found);
  return 'ok';
}

async function invite(call: CommandCall, email: string): Promise<'ok'> {
  const { tenant, role } = call.flags;
  const wish = {
    verb: 'invite',
    email,
    ...(typeof tenant === 'string' ? { tenant } : {}),
    ...(typeof role === 'string' ? { role } : {}),
  };
  const invited = await askServerCommand<{ link: string | null; expiresAt: string }>(
    call,
    'accounts',
    wish,
  );
  const { link, expiresAt } = invited;
  call.answer(
    link === null
      ? `${visible(email)} gets a mail; its link works once, until ${expiresAt}.`
      : `Hand this link to ${visible(email)}; it works once, until ${expiresAt}:\n${link}`,
    invited,
  );
  return 'ok';
}

type Review = {
  entries: { kind: string; name: string; role: string; level: number | null; state: string }[];
  csv: string;
  reviews: { reviewer: string; reviewedAt: string; current: boolean }[];
};

async function review(call: CommandCall): Promise<'ok'> {
  const { tenant, csv } = call.flags;
  if (typeof tenant !== 'string')
    throw new Fault('Say of which tenant: accounts review --tenant NAME', { code: 'usage' });
  const found = await askServerCommand<Review>(call, 'accounts', { verb: 'review', tenant });
  const lines = found.entries.map(({ kind, name, role, level, state }) =>
    [kind, visible(name), role, level === null ? '' : `level ${level}`, state]
      .filter((part) => part !== '')
      .join('  '),
  );
  const [last] = found.reviews;
  const signed = last
    ? `${visible(last.reviewer)} found it right on ${last.reviewedAt}${last.current ? '' : '; it changed since'}.`
    : 'Nobody has reviewed it yet.';
  call.answer(csv === true ? found.csv.trimEnd() : [...lines, signed].join('\n'), found);
  return 'ok';
}

async function makeLink(call: CommandCall, email: string): Promise<'ok'> {
  const wish = { verb: 'reset-link', email };
  const made = await askServerCommand<{ url: string; expiresAt: string }>(call, 'accounts', wish);
  call.answer(
    `Hand this link to ${visible(email)}; it works once, until ${made.expiresAt}:\n${made.url}`,
    made,
  );
  return 'ok';
}

async function takeFactors(call: CommandCall, email: string): Promise<'ok'> {
  const wish = { verb: 'reset-factors', email };
  const done = await askServerCommand<{ removed: number }>(call, 'accounts', wish);
  const factors = `${done.removed} second factor${done.removed === 1 ? '' : 's'}`;
  call.answer(
    `Taken away: ${factors} of ${visible(email)}. They sign in with their password and set up a new one.`,
    done,
  );
  return 'ok';
}
