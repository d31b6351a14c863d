import { describe, expect, it } from '@jest/globals';
import type { CommandCall } from './command.ts';
import { commands } from './table.ts';
import { runVerb } from './run-verb.ts';

const callOf = (...words: string[]) => ({ words, flags: {} }) as unknown as CommandCall;

describe('a command with verbs', () => {
  const run = runVerb(
    'thing',
    { list: () => Promise.resolve('ok'), show: { run: () => Promise.resolve('ok'), words: 1 } },
    'list',
  );

  it('refuses a verb that it does not know, also one that every object has', async () => {
    for (const word of ['lists', 'constructor', '__proto__', ''])
      await expect(run(callOf(word))).rejects.toMatchObject({ code: 'usage' });
  });

  it('refuses words that a verb would ignore', async () => {
    await expect(run(callOf('list', '--all'))).rejects.toMatchObject({
      message: 'casemate thing list does not take "--all"',
      code: 'usage',
    });
    await expect(run(callOf('show', 'one', 'two'))).rejects.toMatchObject({ code: 'usage' });
    await expect(run(callOf())).resolves.toBe('ok');
    await expect(run(callOf('list'))).resolves.toBe('ok');
    await expect(run(callOf('show', 'one'))).resolves.toBe('ok');
  });

  it('refuses a surplus word of backup, bundle, egress, keys and monitoring before they do anything', async () => {
    const calls = [
      ['backup', 'create', 'now'],
      ['backup', 'list', 'all'],
      ['backup', 'schedule', '/mnt/backups'],
      ['backup', 'drill', 'x'],
      ['bundle', 'create', 'x'],
      ['bundle', 'key', 'x'],
      ['egress', 'open', 'x'],
      ['egress', 'verify', 'live'],
      ['monitoring', 'test', 'x'],
    ];
    for (const [name, ...words] of calls) {
      const command = commands.find((one) => one.name === name);
      await expect(command?.run(callOf(...words))).rejects.toMatchObject({
        message: expect.stringContaining(`does not take "${words.at(-1) ?? ''}"`),
      });
    }
  });
});
