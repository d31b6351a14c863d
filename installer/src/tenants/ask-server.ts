import { Fault } from '../fault.ts';
import { getSettings } from '../instance/settings.ts';
import { lastWords, runServerCommand } from '../steps/run-server-program.ts';
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
export async function askServer<T>({ layout }: CommandCall, wish: object): Promise<T> {
  const settings = await getSettings(layout);
  const context = { layout, settings, input: JSON.stringify(wish) };
  const { code, stdout, stderr } = await runServerCommand(context, 'server', ['tenants']);
  if (code === 0) return JSON.parse(stdout) as T;
  throw new Fault(lastWords(stderr) || `The server's command ended with ${code ?? 'a signal'}`);
}

export function tenantLine({ id, name, state }: Tenant): string {
  return `${visible(name)}  ${state}  ${id}`;
}

/** A terminal obeys control characters; names come from people. */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd');
}
