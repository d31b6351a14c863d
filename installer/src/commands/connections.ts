import type { ExitName } from '../exit-codes.ts';
import { Fault } from '../fault.ts';
import { formatTable } from '../terminal/terminal.ts';
import { visible } from '../tenants/ask-server.ts';
import { askServerCommand } from './ask-server-command.ts';
import type { Command, CommandCall } from './command.ts';
import { runVerb } from './run-verb.ts';

type Connection = {
  id: string;
  tenant: string | null;
  name: string;
  kind: string;
  state: string;
  domains: string[];
  sound: boolean;
};

export const connections: Command = {
  name: 'connections',
  summary: 'show the connections to directories, stop one, or let people in by passwords again',
  description: [
    'list [TENANT]      the connections of the platform and of all tenants, or of one; never a secret',
    'stop ID            nobody comes in by it any more; whom it let in is out within seconds',
    'passwords TENANT   passwords open the tenant again, where single sign-on alone did: for the day on',
    '                   which the directory is gone and its emergency account, too',
    '',
    'Connections are set up on the pages "Single sign-on" (docs/single-sign-on.md). Each change is in the',
    'audit log of the platform.',
  ].join('\n'),
  words: { value: 'list [TENANT]|stop ID|passwords TENANT', most: 2 },
  flags: {},
  run: runVerb(
    'connections',
    {
      list: { run: list, words: 1 },
      stop: { run: stop, words: 1 },
      passwords: { run: passwords, words: 1 },
    },
    'list',
  ),
};

async function list(call: CommandCall): Promise<ExitName> {
  const wish = { do: 'connections.list', tenant: call.words[1] ?? null };
  const found = await askServerCommand<{ connections: Connection[] }>(call, 'access', wish);
  const rows = found.connections.map(({ id, tenant, name, kind, state, domains, sound }) => [
    ...[id, tenant === null ? 'the platform' : visible(tenant), visible(name), kind.toUpperCase()],
    ...[
      sound ? state : `${state}, not written by the server`,
      domains.map(visible).join(' ') || '-',
    ],
  ]);
  const head = ['ID', 'OF', 'NAME', 'KIND', 'STATE', 'DOMAINS'];
  call.answer(rows.length === 0 ? 'There is no connection.' : formatTable([head, ...rows]), found);
  return 'ok';
}

async function stop(call: CommandCall): Promise<ExitName> {
  const id = needed(call, 'Name the connection', 'casemate connections list');
  const wish = { do: 'connections.stop', id };
  const done = await askServerCommand<{ name: string }>(call, 'access', wish);
  call.answer(`${visible(done.name)} is off; whom it let in is out within seconds.`, done);
  return 'ok';
}

async function passwords(call: CommandCall): Promise<ExitName> {
  const tenant = needed(call, 'Name the tenant', 'casemate tenants list');
  const wish = { do: 'connections.passwords', tenant };
  const done = await askServerCommand(call, 'access', wish);
  call.answer(`Passwords open ${visible(tenant)} again.`, done);
  return 'ok';
}

function needed(call: CommandCall, what: string, where: string): string {
  const word = call.words[1];
  if (word !== undefined) return word;
  throw new Fault(what, { next: `\`${where}\` shows them.`, code: 'usage' });
}
