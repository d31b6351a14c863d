import type { ExitName } from '../exit-codes.ts';
import { Fault } from '../fault.ts';
import { getSettings } from '../instance/settings.ts';
import { isolationTable, type IsolationReport } from '../isolation/isolation-table.ts';
import { markLogs, searchLogs, type Planted } from '../isolation/search-logs.ts';
import { runServerProgram } from '../steps/run-server-program.ts';
import { textFlag, type Command, type CommandCall } from './command.ts';
import { runVerb } from './run-verb.ts';

export const isolation: Command = {
  name: 'isolation',
  summary: 'attack two tenants made for it, and report what one could get of the other',
  description: [
    'test    makes two canary tenants on this installation and tries, from the route table, the queue,',
    '        the streams and the catalogs of database, keys and files, everything that one tenant, a',
    '        stranger or the platform could try against the other. Each attempt has a twin by the',
    '        rightful owner that must succeed. Nothing of it is left afterwards. At the end the logs of',
    '        all parts are searched for what was planted.',
    'last    the report of the last test',
    '',
    'Exit code 1 when anything leaked, an attempt was not shown, or something was not covered.',
  ].join('\n'),
  words: { value: 'test|last', most: 1 },
  flags: {
    kinds: {
      type: 'string',
      value: 'LIST',
      help: 'test: only these kinds (routes,streams,…); such a report is no evidence',
    },
  },
  run: runVerb(
    'isolation',
    { test, last: async (call) => show(call, (await ask(call, { verb: 'last' })).report) },
    'test',
  ),
};

async function test(call: CommandCall): Promise<ExitName> {
  const kinds = textFlag(call, 'kinds')?.split(',');
  const step = call.reporter.step('Attack two tenants made for it');
  let report: IsolationReport | null;
  try {
    const mark = await markLogs(call.layout);
    const told = await ask(call, { verb: 'test', ...(kinds ? { kinds } : {}) });
    report = told.report;
    if (told.planted && told.runId !== undefined && (kinds?.includes('traces') ?? true)) {
      const logs = await searchLogs(call.layout, mark, told.planted);
      ({ report } = await ask(call, { verb: 'logs', runId: told.runId, logs }));
    }
  } catch (error) {
    step.failed();
    throw error;
  }
  step.done();
  return show(call, report);
}

function show(call: CommandCall, report: IsolationReport | null): ExitName {
  if (!report) {
    throw new Fault('There is no report yet', { next: 'Run `casemate isolation test`.' });
  }
  call.answer(isolationTable(report, call.paint), report);
  return report.ok ? 'ok' : 'failed';
}

type Told = { report: IsolationReport | null; runId?: string; planted?: Planted };

async function ask({ layout }: CommandCall, wish: object): Promise<Told> {
  const context = { layout, settings: await getSettings(layout), input: JSON.stringify(wish) };
  const output = await runServerProgram(context, 'server', ['isolation']);
  return JSON.parse(output) as Told;
}
