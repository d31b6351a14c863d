import { text } from 'node:stream/consumers';
import type { ExitName } from '../exit-codes.ts';
import { Fault } from '../fault.ts';
import { visible } from '../tenants/ask-server.ts';
import { askServerCommand } from './ask-server-command.ts';
import type { Command, CommandCall } from './command.ts';

type Seal = {
  tenantId: string;
  name: string;
  state: string;
  sealed: boolean;
  since: string | null;
  reason: 'new' | 'person' | 'key_service' | null;
  shares: { all: number; needed: number; given: number } | null;
  index: 'dropped' | 'building' | 'whole';
  promptsLeftSince: string | null;
  custodian: { email: string | null; operator: boolean; takenAt: string | null } | null;
};

const VERBS = 'status|seal|unseal';

export const seal: Command = {
  name: 'seal',
  summary: 'show, close and open the seals that tenants hold themselves',
  description: [
    'status           every tenant that holds its own seal: sealed or open, since when and why,',
    '                 and who is the custodian that took its key shares',
    'seal TENANT      nobody reads its data until enough of its key shares are given',
    'unseal TENANT    reads key shares from standard input, one a line; several people can give',
    '                 theirs one after another. A share never belongs into a command line.',
    '',
    'A tenant is named by its name or its id. Every restart of the key service seals all of them.',
  ].join('\n'),
  words: { value: `${VERBS} [TENANT]`, most: 2 },
  flags: {},
  run: async (call) => {
    const [verb = 'status', tenant] = call.words;
    if (verb === 'status' && tenant === undefined) return showAll(call);
    if (verb !== 'seal' && verb !== 'unseal')
      throw new Fault(`There is no \`seal ${verb}\`; use ${VERBS}`, { code: 'usage' });
    if (tenant === undefined)
      throw new Fault(`Say which tenant to ${verb}: its name or its id`, { code: 'usage' });
    const wish = verb === 'seal' ? { verb, tenant } : { verb, tenant, shares: await readShares() };
    const answer = await ask<Seal>(call, wish);
    call.answer(lineOf(answer), answer);
    return verb === 'unseal' && answer.sealed ? 'failed' : 'ok';
  },
};

async function showAll(call: CommandCall): Promise<ExitName> {
  const answer = await ask<{ tenants: Seal[] }>(call, { verb: 'status' });
  const lines = answer.tenants.map(lineOf);
  call.answer(lines.length === 0 ? 'No tenant holds its own seal.' : lines.join('\n'), answer);
  return 'ok';
}

async function readShares(): Promise<string[]> {
  if (process.stdin.isTTY) process.stderr.write('Key shares, one a line, then Ctrl-D:\n');
  const shares = (await text(process.stdin)).split(/\s+/).filter((word) => word !== '');
  if (shares.length === 0)
    throw new Fault('No key share was given', {
      code: 'usage',
      next: 'Give them on standard input, one a line: casemate seal unseal TENANT < shares.txt',
    });
  return shares;
}

const ask = <T>(call: CommandCall, wish: object): Promise<T> =>
  askServerCommand(call, 'seal', wish);

const REASONS = {
  new: 'never opened',
  person: 'sealed by an administrator',
  key_service: 'sealed by a restart of the key service',
} as const;

function lineOf(seal: Seal): string {
  return `${stateOf(seal)}  ${custodianOf(seal)}`;
}

function custodianOf({ custodian }: Seal): string {
  if (!custodian) return 'no custodian is recorded';
  const who = visible(custodian.email ?? 'somebody who has left');
  const runs = custodian.operator ? ', who runs the platform' : '';
  return `custodian ${who}${runs}${custodian.takenAt === null ? '; shares not taken yet' : ''}`;
}

function stateOf(seal: Seal): string {
  const { name, sealed, reason, since, shares, index, promptsLeftSince } = seal;
  if (!sealed && index === 'whole') return `${visible(name)}  open  search index whole`;
  if (!sealed)
    return `${visible(name)}  open  its search is being rebuilt: ask again once it is whole`;
  const why = reason === null ? 'sealed' : REASONS[reason];
  const given = shares ? `  ${shares.given} of ${shares.needed} shares given` : '';
  const prompts =
    promptsLeftSince === null ? '' : '  the model server has not forgotten its last prompts yet';
  return `${visible(name)}  ${why}${since === null ? '' : ` since ${since}`}${given}${prompts}`;
}
