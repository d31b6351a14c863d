import { Fault } from '../fault.ts';
import { askServerCommand } from './ask-server-command.ts';
import type { Command } from './command.ts';

export const accounts: Command = {
  name: 'accounts',
  summary: 'take the second factors of an account away that were lost',
  description: [
    'reset-factors E-MAIL   takes every second factor and recovery code of this account away and ends',
    '                       its sessions: its person signs in with the password alone once more, and',
    '                       sets a new factor up before anything else, where the role needs one',
    '',
    'For an administrator whom no other administrator can help (docs/second-factors.md). Be sure who',
    'asks. It is in the audit log of the platform.',
  ].join('\n'),
  words: { value: 'reset-factors E-MAIL', most: 2 },
  flags: {},
  run: async (call) => {
    const [verb, email] = call.words;
    if (verb !== 'reset-factors' || email === undefined)
      throw new Fault('Say whose: accounts reset-factors E-MAIL', { code: 'usage' });
    const done = await askServerCommand<{ removed: number }>(call, 'accounts', { verb, email });
    const factors = `${done.removed} second factor${done.removed === 1 ? '' : 's'}`;
    call.answer(
      `Taken away: ${factors} of ${email}. They sign in with their password and set up a new one.`,
      done,
    );
    return 'ok';
  },
};
