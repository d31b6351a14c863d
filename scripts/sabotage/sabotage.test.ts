import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readSabotages, sabotaged } from './sabotage.ts';

const root = resolve(import.meta.dirname, '../..');
const sabotage = {
  id: 'X-1',
  what: 'w',
  file: 'f',
  find: 'a',
  replace: 'b',
  test: 't',
  shows: 's',
};

describe('sabotage', () => {
  it('refuses a place that is not there, or there twice', () => {
    expect(() => sabotaged('xyz', sabotage)).toThrow('stands 0 times');
    expect(() => sabotaged('a a', sabotage)).toThrow('stands 2 times');
  });

  it('changes the one place', () => {
    expect(sabotaged('x a y', sabotage)).toBe('x b y');
  });

  it('fits the code as it is: every place, test and control id is there', () => {
    for (const one of readSabotages(root)) {
      expect(sabotaged(readFileSync(join(root, one.file), 'utf8'), one)).not.toBe('');
      expect(existsSync(join(root, one.test))).toBe(true);
      // In a test's name, or in the table that its name is made from.
      const test = readFileSync(join(root, one.test), 'utf8');
      expect([one.id, test.includes(`${one.id}:`) || test.includes(`'${one.id}'`)]).toEqual([
        one.id,
        true,
      ]);
      // What its failure must say: where it quotes a line of the test, that line is still there.
      expect(one.shows.length).toBeGreaterThan(4);
      if (/^(await )?expect\(/.test(one.shows))
        expect([one.shows, test.includes(one.shows)]).toEqual([one.shows, true]);
    }
  });
});
