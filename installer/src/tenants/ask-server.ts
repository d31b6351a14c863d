import { askServerCommand } from '../commands/ask-server-command.ts';
import type { CommandCall } from '../commands/command.ts';

export type Tenant = {
  id: string;
  name: string;
  language: string;
  state: string;
  error: string | null;
  createdAt: string;
};

/** Hands a wish to the server's own `tenants` command; a Fault carries what it says. */
export const askServer = <T>(call: CommandCall, wish: object): Promise<T> =>
  askServerCommand(call, 'tenants', wish);

export function tenantLine({ id, name, state }: Tenant): string {
  return `${visible(name)}  ${state}  ${id}`;
}

const WIDEST = 48;

/** A name in a table: a long one is cut, its id stands beside it. */
export function cell(name: string): string {
  const letters = [...visible(name)];
  return letters.length <= WIDEST ? letters.join('') : `${letters.slice(0, WIDEST - 1).join('')}…`;
}

/** A terminal obeys control characters; names come from people. */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd');
}
