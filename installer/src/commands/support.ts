import { Fault } from '../fault.ts';
import { create } from '../support/verbs/create.ts';
import { resolve } from '../support/verbs/resolve.ts';
import { show } from '../support/verbs/show.ts';
import type { Command, CommandCall } from './command.ts';
import type { ExitName } from '../exit-codes.ts';

const verbs: Readonly<Record<string, (call: CommandCall) => Promise<ExitName>>> = {
  create,
  show,
  resolve,
};

export const support: Command = {
  name: 'support',
  summary: 'make a redacted bundle for whoever helps you; you look, and you pass it on',
  description: [
    'create   logs, settings, versions, the reports of doctor, preflight and verify, plans of slow queries',
    '         and facts of the host in one file (0600). Secrets are taken out, names and ids are replaced',
    '         by pseudonyms that stay the same; canaries are planted into a copy of every input, and a',
    '         bundle that would let one through is not written. Nothing is sent',
    'show     BUNDLE [FILE]: lists it with what was replaced, or prints one file',
    'resolve  PSEUDONYM…: whom it stands for; only this appliance can say',
    '',
    'docs/support.md says what is in it and what never is.',
  ].join('\n'),
  words: { value: 'create|show|resolve [BUNDLE [FILE]]', most: 20 },
  flags: {
    out: {
      type: 'string',
      value: 'FILE',
      help: 'create: where to (default: the current directory)',
    },
    without: {
      type: 'string',
      value: 'LIST',
      help: 'create: files or folders to keep back: logs,verify.json',
    },
    'log-kib': {
      type: 'string',
      value: 'N',
      help: 'create: so much of the end of each log (default: 1024)',
    },
    'names-unknown': {
      type: 'boolean',
      help: 'create: although the database, which knows the names, does not answer',
    },
  },
  run: (call) => {
    const [verb = 'create'] = call.words;
    const run = verbs[verb];
    if (run) return run(call);
    throw new Fault(`casemate support does not know "${verb}"`, {
      next: 'See `casemate support --help`.',
      code: 'usage',
    });
  },
};
