import { Fault } from '../fault.ts';
import { getSettings } from '../instance/settings.ts';
import { runServerCommand, lastWords } from '../steps/run-server-program.ts';
import type { Paint } from '../terminal/terminal.ts';
import type { Command } from './command.ts';

type Route = {
  method: string;
  path: string;
  guard: string;
  permission: string | null;
  passes: string[];
  limit: string;
  audit: string[] | null;
  fault: string | null;
};
type Definer = {
  name: string;
  owner: string;
  searchPath: string | null;
  guard: string | null;
  executors: string[];
  fault: string | null;
};
type Audit = { routes: Route[]; functions: Definer[]; faults: number };

export const guards: Command = {
  name: 'guards',
  summary: 'list what guards each route and each definer function (exit code 1 at a fault)',
  description: [
    '`guards list` shows every route with its guard, who passes it, its budget and what it writes to',
    'the audit log; `guards functions` every function of the database that runs with the rights of its',
    'owner. Both are read from what runs, and end with 1 when one lacks a guard.',
  ].join('\n'),
  words: { value: 'list|functions', most: 1 },
  flags: {},
  run: async ({ layout, words, answer, paint }) => {
    const [what = 'list'] = words;
    if (what !== 'list' && what !== 'functions')
      throw new Fault(`There is no \`guards ${what}\``, {
        next: 'Choose: guards list, guards functions.',
        code: 'usage',
      });
    const settings = await getSettings(layout);
    const { code, stdout, stderr } = await runServerCommand({ layout, settings }, 'server', [
      'guards',
      '--json',
    ]);
    const audit = parse(stdout);
    if (!audit)
      throw new Fault('The guards could not be read', {
        why: lastWords(stderr) || `The server's program ended with ${code ?? 'a signal'}.`,
        next: 'See `casemate status`; the database and the key service must answer.',
      });
    const { routes, functions } = audit;
    const shown = what === 'list' ? routes : functions;
    const faults = shown.filter(({ fault }) => fault !== null).length;
    const rows =
      what === 'list'
        ? routes.map((route) => routeLines(route, paint))
        : functions.map((one) => functionLines(one, paint));
    const noun = what === 'list' ? 'routes' : 'definer functions';
    const end =
      faults === 0
        ? paint('green', `${shown.length} ${noun}, each guarded.`)
        : paint('red', `${faults} of ${shown.length} ${noun} at fault.`);
    answer([...rows, '', end].join('\n'), {
      ...(what === 'list' ? { routes } : { functions }),
      faults,
    });
    return faults === 0 ? 'ok' : 'failed';
  },
};

function parse(text: string): Audit | null {
  try {
    return JSON.parse(text) as Audit;
  } catch {
    return null;
  }
}

function routeLines({ method, path, fault, ...route }: Route, paint: Paint): string {
  const asks = route.permission ? `${route.guard} ${route.permission}` : route.guard;
  const who = route.passes.join(', ') || 'nobody';
  const audit = route.audit?.join(', ') ?? 'nothing';
  return [
    `${mark(fault, paint)} ${method.padEnd(6)} ${path}`,
    `         ${asks}: ${who}; budget ${route.limit}; records ${audit}`,
    ...loud(fault, paint),
  ].join('\n');
}

function functionLines({ name, fault, ...one }: Definer, paint: Paint): string {
  return [
    `${mark(fault, paint)} ${name}`,
    `    owner ${one.owner}; search_path ${one.searchPath ?? 'not pinned'}; executed by ${one.executors.join(', ') || 'its owner alone'}`,
    `    ${one.guard ?? 'nobody reviewed what guards it'}`,
    ...loud(fault, paint),
  ].join('\n');
}

const mark = (fault: string | null, paint: Paint): string =>
  fault === null ? paint('green', '✓') : paint('red', '✗');
const loud = (fault: string | null, paint: Paint): string[] =>
  fault === null ? [] : [paint('red', `    FAULT: ${fault}`)];
