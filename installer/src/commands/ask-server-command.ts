import { Fault } from '../fault.ts';
import { getSettings } from '../instance/settings.ts';
import { lastWords, runServerCommand } from '../steps/run-server-program.ts';
import type { CommandCall } from './command.ts';

/** What to look up when the server knows no such thing. */
const LOOK_UP: readonly (readonly [RegExp, string])[] = [
  [/no (such )?tenant/i, '`casemate tenants list SEARCH` shows names and ids.'],
  [/no .*api key|id of a key/i, '`casemate api-keys list` shows the keys with their ids.'],
  [
    /no such connection|id of the list/i,
    'List them first: `casemate connections list`, `casemate visits list`.',
  ],
  [/no such visit/i, '`casemate visits list` shows them.'],
  [/no such role/i, '`casemate roles list TENANT` shows them.'],
  [/no secret/i, '`casemate rotation list` shows the names.'],
  [/no control/i, '`casemate verify` without an id lists them all.'],
  [/no .*lockout|id of a lockout/i, '`casemate limits show` lists the lockouts with their ids.'],
];

/**
 * Hands a wish to a command of the server, which answers in JSON. A refusal is a Fault in the server's
 * own words, which are written for people.
 */
export async function askServerCommand<T>(
  { layout }: Pick<CommandCall, 'layout'>,
  command: string,
  wish: object,
): Promise<T> {
  const context = { layout, settings: await getSettings(layout), input: JSON.stringify(wish) };
  const { code, stdout, stderr } = await runServerCommand(context, 'server', [command]);
  // Its log, if it had something to say, comes before the answer.
  if (code === 0) return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as T;
  const what = lastWords(stderr) || `The server's command ended with ${code ?? 'a signal'}`;
  const next = LOOK_UP.find(([words]) => words.test(what))?.[1];
  throw new Fault(what, next === undefined ? {} : { next });
}
