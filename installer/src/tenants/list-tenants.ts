import { Fault } from '../fault.ts';
import type { ExitName } from '../exit-codes.ts';
import { textFlag, type CommandCall } from '../commands/command.ts';
import { formatTable } from '../terminal/terminal.ts';
import { askServer, cell, type Tenant } from './ask-server.ts';

const STATES = ['provisioning', 'active', 'sealed', 'suspended', 'failed', 'dropping'];

type Page = { items: Tenant[]; total: number; next: string | null };

export async function listTenants(
  call: CommandCall,
  [search = '', ...more]: readonly string[],
): Promise<ExitName> {
  if (more.length > 0) throw new Fault('Search for one text; quote it', { code: 'usage' });
  const limit = textFlag(call, 'limit') ?? '100';
  if (!/^\d{1,3}$/.test(limit) || Number(limit) < 1 || Number(limit) > 200)
    throw new Fault('--limit takes a number from 1 to 200', { code: 'usage' });
  const state = textFlag(call, 'state');
  if (state !== undefined && !STATES.includes(state))
    throw new Fault(`--state takes one of ${STATES.join(', ')}`, { code: 'usage' });
  const page = await askServer<Page>(call, {
    verb: 'list',
    search,
    limit: Number(limit),
    state,
    after: textFlag(call, 'after'),
  });
  call.answer(page.items.length === 0 ? 'No tenants' : text(page), page);
  return 'ok';
}

function text({ items, total, next }: Page): string {
  const rows = items.map(({ id, name, state, language, createdAt }) => [
    cell(name),
    state,
    language,
    createdAt.slice(0, 10),
    id,
  ]);
  const table = formatTable([['NAME', 'STATE', 'LANGUAGE', 'SINCE', 'ID'], ...rows]);
  const more = next === null ? '' : `\n${items.length} of ${total}; go on with --after ${next}`;
  return `${table}${more}`;
}
