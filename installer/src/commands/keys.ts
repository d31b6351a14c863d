import type { ExitName } from '../exit-codes.ts';
import { Fault } from '../fault.ts';
import {
  ownersTable,
  ownerText,
  rotationLine,
  type KeyOwner,
  type KeyOwnerDetail,
  type KeyRotation,
} from '../keys/key-tables.ts';
import { askServerCommand } from './ask-server-command.ts';
import { textFlag, type Command, type CommandCall } from './command.ts';
import { runVerb, type Verbs } from './run-verb.ts';

type Kind = KeyRotation['kind'];
type Done = { rotations: (KeyRotation & { owner: string })[] };
type Listed = {
  backend: { label: string; insecure: boolean };
  owners: KeyOwner[];
  next: string | null;
};

const verbs: Verbs = {
  list,
  status,
  rotate: (call) => rotate(call, 'data'),
  rewrap: (call) => rotate(call, 'wrapping'),
  backfill: (call) => rotate(call, 'backfill'),
};

export const keys: Command = {
  name: 'keys',
  summary: 'show the keys of the platform and its tenants, or rotate them',
  description: [
    'list       versions and ages of all owners; --tenant narrows it to one, with its rows by version',
    'status     the same for one owner (default: platform)',
    'rotate     a new data key: every field is encrypted anew in the background, then the old one goes',
    'rewrap     a new version of the wrapping key: data keys are wrapped anew, the old one is refused',
    'backfill   encrypts rows that are still plain text after an upgrade made their column encrypted',
    '',
    'rotate, rewrap and backfill take --tenant (a name, an id, or platform) or --all. People work on',
    'meanwhile; a data key takes some two minutes before its first row, since every process must have',
    'let go of the old one.',
  ].join('\n'),
  words: { value: 'list|status|rotate|rewrap|backfill', most: 1 },
  flags: {
    tenant: { type: 'string', value: 'TENANT', help: 'whose keys: a name, an id, or platform' },
    all: { type: 'boolean', help: 'rotate, rewrap, backfill: the platform and every open tenant' },
    wait: { type: 'boolean', help: 'until it is done' },
  },
  run: runVerb('keys', verbs, 'list'),
};

async function list(call: CommandCall): Promise<ExitName> {
  if (textFlag(call, 'tenant') !== undefined) return status(call);
  const owners: KeyOwner[] = [];
  let answer: Listed;
  let after: string | undefined;
  do {
    answer = (await ask(call, { verb: 'list', ...(after ? { after } : {}) })) as Listed;
    owners.push(...answer.owners);
    after = answer.next ?? undefined;
  } while (after !== undefined);
  const { backend } = answer;
  const warning = backend.insecure ? `${call.paint('red', backend.label)}\n` : '';
  call.answer(`${warning}${ownersTable(owners, call.paint)}`, { backend, owners });
  return owners.some(({ latestRotation }) => latestRotation?.state === 'failed')
    ? 'unhealthy'
    : 'ok';
}

async function status(call: CommandCall): Promise<ExitName> {
  const owner = textFlag(call, 'tenant') ?? 'platform';
  const detail = (await ask(call, { verb: 'status', owner })) as KeyOwnerDetail;
  call.answer(ownerText(detail, call.paint), detail);
  return detail.rotations[0]?.state === 'failed' ? 'unhealthy' : 'ok';
}

async function rotate(call: CommandCall, kind: Kind): Promise<ExitName> {
  const tenant = textFlag(call, 'tenant');
  const all = call.flags['all'] === true;
  if (all === (tenant !== undefined))
    throw new Fault('Say whose keys: --tenant TENANT (or platform), or --all', { code: 'usage' });
  const wait = call.flags['wait'] === true;
  const owners = all ? null : [tenant];
  const step = call.reporter.step(wait ? 'Rotate, and wait for the end' : 'Ask for the rotation');
  let done: Done;
  try {
    done = (await ask(call, { verb: 'rotate', owners, kind, wait })) as Done;
  } catch (error) {
    step.failed();
    throw error;
  }
  step.done();
  const lines = done.rotations.map((one) => `${one.owner}: ${rotationLine(one, call.paint)}`);
  call.answer(lines.join('\n'), done);
  return done.rotations.some(({ state }) => state === 'failed') ? 'failed' : 'ok';
}

const ask = (call: CommandCall, wish: object): Promise<unknown> =>
  askServerCommand(call, 'keys', wish);
