import type { ExitName } from '../exit-codes.ts';
import { Fault } from '../fault.ts';
import { formatTable } from '../terminal/terminal.ts';
import { askServerCommand } from './ask-server-command.ts';
import type { Command, CommandCall } from './command.ts';

/** As the server's `limits` command tells it. */
type Shown = {
  limits: { name: string; of: string; limit: number; windowSeconds: number; whenAway: string }[];
  lockouts: {
    id: string;
    of: string;
    address: string | null;
    email: string | null;
    failures: number;
    lockedUntil: string;
  }[];
};

export const limits: Command = {
  name: 'limits',
  summary: 'show the limits in force and who is locked out, or unlock',
  description: [
    'show          the limits as they are set, and the lockouts that have not ended',
    'unlock ID     ends a lockout before its time; the audit log keeps both',
    '',
    'How the limits are set stands in docs/limits.md.',
  ].join('\n'),
  words: { value: 'show|unlock [ID]', most: 2 },
  flags: {},
  run: (call) => {
    const [verb = 'show', id] = call.words;
    if (verb === 'show' && id === undefined) return show(call);
    if (verb === 'unlock' && id !== undefined) return unlock(call, id);
    throw new Fault(
      verb === 'unlock' ? 'Name the lockout' : `casemate limits does not know "${verb}"`,
      { next: '`casemate limits show` lists the lockouts with their ids.', code: 'usage' },
    );
  },
};

async function show(call: CommandCall): Promise<ExitName> {
  const shown = await ask<Shown>(call, { verb: 'show' });
  call.answer([limitTable(shown), '', lockoutTable(shown)].join('\n'), shown);
  return 'ok';
}

async function unlock(call: CommandCall, id: string): Promise<ExitName> {
  const done = await ask<{ unlocked: string }>(call, { verb: 'unlock', id });
  call.answer(`Lockout ${id} is ended.`, done);
  return 'ok';
}

function limitTable({ limits: all }: Shown): string {
  const rows = all.map(({ name, of, limit, windowSeconds, whenAway }) => [
    name,
    of,
    String(limit),
    windowSeconds === 60 ? 'minute' : `${windowSeconds / 60} minutes`,
    whenAway === 'closed' ? 'nobody passes' : 'each process alone',
  ]);
  return formatTable([['LIMIT', 'OF', 'MOST', 'IN A', 'WITHOUT DATABASE'], ...rows]);
}

const OF: Readonly<Record<string, string>> = {
  pair: 'e-mail and address',
  account: 'e-mail',
  address: 'address',
};

function lockoutTable({ lockouts }: Shown): string {
  if (lockouts.length === 0) return 'Nobody is locked out.';
  const rows = lockouts.map((one) => [
    one.id,
    OF[one.of] ?? one.of,
    one.address ?? '-',
    one.email ?? '-',
    String(one.failures),
    one.lockedUntil.slice(0, 19).replace('T', ' '),
  ]);
  return formatTable([['LOCKOUT', 'OF', 'ADDRESS', 'ACCOUNT', 'FAILED', 'UNTIL (UTC)'], ...rows]);
}

const ask = <T>(call: CommandCall, wish: object): Promise<T> =>
  askServerCommand(call, 'limits', wish);
