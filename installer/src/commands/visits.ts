import type { ExitName } from '../exit-codes.ts';
import { Fault } from '../fault.ts';
import { formatTable } from '../terminal/terminal.ts';
import { visible } from '../tenants/ask-server.ts';
import { askServerCommand } from './ask-server-command.ts';
import type { Command, CommandCall } from './command.ts';
import { runVerb } from './run-verb.ts';

type Visit = {
  id: string;
  tenant: string;
  visitor: string;
  email: string;
  reason: string;
  phase: 'asked' | 'refused' | 'lapsed' | 'open' | 'over';
  requestedAt: string;
  decider: string | null;
  expiresAt: string | null;
};

export const visits: Command = {
  name: 'visits',
  summary: 'show who of the platform looks, or looked, at what is in a tenant, or end a visit',
  description: [
    'list [TENANT]   who asked, why, who approved it and until when; the latest first',
    'end ID          nothing is looked at any more within two seconds; a request is refused',
    '',
    'They are asked for and approved on the pages "Visits", with a fresh second factor of two people',
    '(docs/access.md); nobody does either on the host.',
  ].join('\n'),
  words: { value: 'list [TENANT]|end ID', most: 2 },
  flags: {},
  run: runVerb('visits', { list: { run: list, words: 1 }, end: { run: end, words: 1 } }, 'list'),
};

async function list(call: CommandCall): Promise<ExitName> {
  const wish = { do: 'visits.list', tenant: call.words[1] ?? null };
  const found = await askServerCommand<{ visits: Visit[] }>(call, 'access', wish);
  const rows = found.visits.map((visit) => [
    ...[visit.id, visible(visit.tenant), visible(`${visit.visitor} <${visit.email}>`), visit.phase],
    ...[shortTime(visit.requestedAt), shortTime(visit.expiresAt), visible(visit.decider ?? '-')],
    visible(visit.reason),
  ]);
  const head = ['ID', 'TENANT', 'WHO', 'STATE', 'ASKED (UTC)', 'UNTIL (UTC)', 'DECIDED BY', 'WHY'];
  call.answer(
    rows.length === 0 ? 'Nobody ever asked to look.' : formatTable([head, ...rows]),
    found,
  );
  return 'ok';
}

async function end(call: CommandCall): Promise<ExitName> {
  const id = call.words[1];
  if (id === undefined)
    throw new Fault('Name the visit', {
      next: '`casemate visits list` shows them.',
      code: 'usage',
    });
  const done = await askServerCommand(call, 'access', { do: 'visits.end', id });
  call.answer('The visit is over; nothing is looked at any more within two seconds.', done);
  return 'ok';
}

const shortTime = (time: string | null): string =>
  time === null ? '-' : time.slice(0, 16).replace('T', ' ');
