import { describe, expect, it } from '@jest/globals';
import { Fault } from '../fault.ts';
import type { Command, Flag } from './command.ts';
import { parseCall } from './parse-call.ts';

const command: Command = {
  name: 'logs',
  summary: 'show',
  words: { value: '[COMPONENT]', most: 1 },
  flags: {
    lines: { type: 'string', value: 'N', help: '', short: 'n' },
    limits: { type: 'string', value: 'LIST', help: '', mayBeEmpty: true },
  },
  run: () => Promise.resolve('ok'),
};
const common: Record<string, Flag> = { json: { type: 'boolean', help: '' } };
const parse = (...argv: string[]) => parseCall(argv, [command], common);

function faultOf(...argv: string[]): Fault {
  try {
    parse(...argv);
  } catch (error) {
    if (error instanceof Fault) return error;
  }
  throw new Error('Expected a fault');
}

describe('parseCall', () => {
  it.each([
    [['lgos'], 'Unknown command "lgos"', 'Did you mean logs?'],
    [['logs', '--jsno'], 'Unknown flag "--jsno"', 'Did you mean --json?'],
    [['logs', '--frobnicate'], 'Unknown flag "--frobnicate"', undefined],
    [['logs', '--lines'], '--lines needs a value: N', undefined],
    [['logs', '--json=yes'], '--json takes no value', undefined],
    [['logs', 'a', 'b'], 'casemate logs does not take "b"', undefined],
  ])('refuses %j and says what is meant', (argv, what, why) => {
    const fault = faultOf(...argv);
    expect(fault).toMatchObject({ message: what, why, code: 'usage' });
    expect(fault.next).toContain('help');
  });

  it('reads flags and words in any order', () => {
    expect(parse('logs', '--json', 'server', '-n', '5')).toMatchObject({
      flags: { json: true, lines: '5' },
      words: ['server'],
    });
  });

  it('takes nothing for a value only where that says something', () => {
    expect(parse('logs', '--limits', '').flags).toEqual({ limits: '' });
    expect(faultOf('logs', '--lines', '').message).toBe('--lines needs a value: N');
    expect(faultOf('logs', '--limits').message).toBe('--limits needs a value: LIST');
  });
});
