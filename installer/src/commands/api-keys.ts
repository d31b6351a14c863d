import type { ExitName } from '../exit-codes.ts';
import { Fault } from '../fault.ts';
import { visible } from '../tenants/ask-server.ts';
import { formatTable } from '../terminal/terminal.ts';
import { askServerCommand } from './ask-server-command.ts';
import type { Command, CommandCall } from './command.ts';

/** As the server's `api-keys` command tells it. */
type Key = {
  id: string;
  tenant: string;
  name: string;
  hint: string;
  owner: string;
  kind: 'person' | 'service';
  scopes: string[];
  addresses: string[];
  expiresAt: string;
  lastUsedAt: string | null;
  revokedAt: string | null;
};

export const apiKeys: Command = {
  name: 'api-keys',
  summary: 'show the API keys of all tenants, or revoke one',
  description: [
    'list [TENANT]   who holds which key, with what scopes, until when; never a key itself',
    'revoke ID       the key opens nothing two seconds later; the audit log keeps it',
    '',
    'People make keys on the page "API keys" of their tenant (docs/api-keys.md).',
  ].join('\n'),
  words: { value: 'list [TENANT]|revoke ID', most: 2 },
  flags: { all: { type: 'boolean', help: 'list keys that have ended as well' } },
  run: (call) => {
    const [verb = 'list', word] = call.words;
    if (verb === 'list') return list(call, word);
    if (verb === 'revoke' && word !== undefined) return revoke(call, word);
    throw new Fault(
      verb === 'revoke' ? 'Name the key' : `casemate api-keys does not know "${verb}"`,
      { next: '`casemate api-keys list` shows the keys with their ids.', code: 'usage' },
    );
  },
};

async function list(call: CommandCall, tenant: string | undefined): Promise<ExitName> {
  const all = call.flags['all'] === true;
  const found = await ask<{ keys: Key[] }>(call, { verb: 'list', tenant, all });
  const none = all ? 'There never was an API key.' : 'There is no API key that opens anything.';
  call.answer(found.keys.length === 0 ? none : tableOf(found.keys), found);
  return 'ok';
}

async function revoke(call: CommandCall, id: string): Promise<ExitName> {
  const done = await ask<{ id: string; revoked: boolean }>(call, { verb: 'revoke', id });
  call.answer(
    done.revoked ? `The key ${id} is revoked.` : `The key ${id} was revoked already.`,
    done,
  );
  return 'ok';
}

function tableOf(keys: readonly Key[]): string {
  const rows = keys.map((key) => [
    key.id,
    visible(key.tenant),
    `${visible(key.name)} …${key.hint}`,
    `${visible(key.owner)}${key.kind === 'service' ? ' (service)' : ''}`,
    key.scopes.join(' '),
    key.addresses.join(' ') || 'anywhere',
    key.revokedAt === null ? key.expiresAt.slice(0, 10) : 'revoked',
    key.lastUsedAt?.slice(0, 16).replace('T', ' ') ?? 'never',
  ]);
  const head = ['ID', 'TENANT', 'KEY', 'OWNER', 'SCOPES', 'FROM', 'UNTIL', 'LAST USED (UTC)'];
  return formatTable([head, ...rows]);
}

const ask = <T>(call: CommandCall, wish: object): Promise<T> =>
  askServerCommand(call, 'api-keys', wish);
