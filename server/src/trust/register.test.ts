import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseRegister, readRegister } from './register.ts';

const text = readFileSync(join(import.meta.dirname, 'controls.tsv'), 'utf8');
const HEAD = 'id\tsources\tkind\trequirement\n';

describe('the register of controls', () => {
  it.each([
    ['another head', 'id\tkind\n'],
    ['a line cut short', `${HEAD}ISO-01\tS0\tlive\n`],
    ['an unknown kind', `${HEAD}ISO-01\tS0\thope\tx\n`],
    ['an odd id', `${HEAD}iso1\tS0\tlive\tx\n`],
    ['a control twice', `${HEAD}ISO-01\tS0\tlive\tx\nISO-01\tS0\tlive\tx\n`],
  ])('TRU-02: refuses %s', (_what, changed) => {
    expect(() => parseRegister(changed)).toThrow('register');
  });

  // A control that is dropped or reworded here would no longer show as missing.
  it('TRU-02: holds every control, and none of them was reworded', () => {
    expect(readRegister()).toHaveLength(132);
    expect(createHash('sha256').update(text).digest('hex')).toBe(
      '6486c4a1d71511b90552fb2b1f4527ffe3cf326b3e29f0c05fbdf1d77fd5ce46',
    );
  });
});
