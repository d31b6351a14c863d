import type { ExitName } from '../exit-codes.ts';
import { Fault } from '../fault.ts';
import { formatTable } from '../terminal/terminal.ts';
import { visible } from '../tenants/ask-server.ts';
import { askServerCommand } from './ask-server-command.ts';
import type { Command, CommandCall } from './command.ts';
import { runVerb } from './run-verb.ts';

type Role = { id: string; name: string; permissions: string[]; members: number; trusted: boolean };

export const roles: Command = {
  name: 'roles',
  summary: 'show the custom roles of a tenant, or delete one',
  description: [
    'list TENANT          what each custom role gives, and to how many',
    'delete TENANT ROLE   by name or id: takes it from every group and everybody who has it',
    '',
    'Administrators of the tenant compose them on their page "Roles" (docs/access.md).',
  ].join('\n'),
  words: { value: 'list TENANT|delete TENANT ROLE', most: 3 },
  flags: {},
  run: runVerb(
    'roles',
    { list: { run: list, words: 1 }, delete: { run: remove, words: 2 } },
    'list',
  ),
};

async function list(call: CommandCall): Promise<ExitName> {
  const [, tenant] = call.words;
  if (tenant === undefined) throw unsaid();
  const wish = { do: 'roles.list', tenant };
  const found = await askServerCommand<{ roles: Role[] }>(call, 'access', wish);
  const rows = found.roles.map(({ id, name, permissions, members, trusted }) => [
    ...[id, visible(name), permissions.map(visible).join(' '), String(members)],
    trusted ? 'yes' : 'no: not written by the server',
  ]);
  const head = ['ID', 'NAME', 'GIVES', 'HOLDERS', 'COUNTS'];
  call.answer(rows.length === 0 ? 'There is no custom role.' : formatTable([head, ...rows]), found);
  return 'ok';
}

async function remove(call: CommandCall): Promise<ExitName> {
  const [, tenant, role] = call.words;
  if (tenant === undefined || role === undefined) throw unsaid();
  const wish = { do: 'roles.delete', tenant, role };
  const done = await askServerCommand<{ name: string; members: number }>(call, 'access', wish);
  const from = done.members === 1 ? 'one person' : `${done.members} people`;
  const taken = done.members === 0 ? 'nobody had it' : `taken from ${from}`;
  call.answer(`${visible(done.name)} is deleted; ${taken}.`, done);
  return 'ok';
}

function unsaid(): Fault {
  return new Fault('Say of which tenant: roles list TENANT, roles delete TENANT ROLE', {
    next: '`casemate tenants list` shows the names.',
    code: 'usage',
  });
}
