import type { ExitName } from '../exit-codes.ts';
import { Fault } from '../fault.ts';
import { formatTable } from '../terminal/terminal.ts';
import { visible } from '../tenants/ask-server.ts';
import { askServerCommand } from './ask-server-command.ts';
import type { Command, CommandCall } from './command.ts';
import { runVerb } from './run-verb.ts';

type Levels = {
  features: { name: string; title: string; usual: number; needed: number | null }[];
};

export const levels: Command = {
  name: 'levels',
  summary: 'show or set the access level that a feature needs in a tenant',
  description: [
    'show TENANT                what each feature needs, from 0 to 100',
    'set TENANT FEATURE LEVEL   whoever is below is refused within two seconds',
    '',
    'Administrators of the tenant do the same on their page "Roles" (docs/access.md). Members and reviewers have',
    '50 where nobody said another, administrators always 100.',
  ].join('\n'),
  words: { value: 'show TENANT|set TENANT FEATURE LEVEL', most: 4 },
  flags: {},
  run: runVerb('levels', { show: { run: show, words: 1 }, set: { run: set, words: 3 } }, 'show'),
};

async function show(call: CommandCall): Promise<ExitName> {
  const [, tenant] = call.words;
  if (tenant === undefined) throw unsaid();
  const wish = { do: 'levels.show', tenant };
  const found = await askServerCommand<Levels>(call, 'access', wish);
  const rows = found.features.map(({ name, title, usual, needed }) => [
    ...[name, title],
    needed === null ? 'not written by the server: refused to everybody' : String(needed),
    String(usual),
  ]);
  call.answer(formatTable([['FEATURE', 'WHAT', 'NEEDS', 'USUALLY'], ...rows]), found);
  return found.features.some(({ needed }) => needed === null) ? 'failed' : 'ok';
}

async function set(call: CommandCall): Promise<ExitName> {
  const [, tenant, feature, level] = call.words;
  if (tenant === undefined || feature === undefined || level === undefined) throw unsaid();
  const wish = { do: 'levels.set', tenant, feature, level };
  const done = await askServerCommand<{ level: number }>(call, 'access', wish);
  call.answer(`${feature} needs ${done.level} in ${visible(tenant)} now.`, done);
  return 'ok';
}

function unsaid(): Fault {
  return new Fault('Say of which tenant: levels show TENANT, levels set TENANT FEATURE LEVEL', {
    next: '`casemate tenants list` shows the names.',
    code: 'usage',
  });
}
