import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLeakedPasswords } from './leaked-passwords.ts';
import { HEADER_BYTES, rangeOf, sha1Of, writeLeakedStore } from './leaked-store.ts';

const LEAKED = Array.from({ length: 5_000 }, (_none, n) => `leaked word ${n}`).concat('password');

describe('the list of leaked passwords', () => {
  const directory = mkdtempSync(join(tmpdir(), 'cml-'));
  const file = join(directory, 'list.bin');
  const store = writeLeakedStore([...LEAKED, ...LEAKED.slice(0, 10)].map(sha1Of));

  beforeAll(() => writeFileSync(file, store));
  afterAll(() => rmSync(directory, { recursive: true }));

  it('AUT-03: finds each password of the list, and none that is not in it', async () => {
    const list = createLeakedPasswords(file);
    for (const password of LEAKED.filter((_word, at) => at % 97 === 0))
      expect([password, await list.has(password)]).toEqual([password, true]);
    for (let n = 0; n < 100; n += 1) expect(await list.has(`Seven-lamps-at-sea ${n}`)).toBe(false);
  });

  it('AUT-03: asks the file for one range, which many passwords share, and never for a password', () => {
    const bits = store.readUInt32BE(8);
    const ranges = Array.from({ length: 2 ** bits }, (_none, range) => {
      const at = HEADER_BYTES + range * 4;
      return store.readUInt32BE(at + 4) - store.readUInt32BE(at);
    });
    expect(ranges.reduce((sum, count) => sum + count, 0)).toBe(LEAKED.length);
    expect(Math.min(...ranges)).toBeGreaterThan(10);
    expect(rangeOf(sha1Of('password'), bits)).toBe(
      sha1Of('password').readUInt32BE(0) >>> (32 - bits),
    );
  });

  it('AUT-03: is closed when the list is cut, is none, or is away', async () => {
    const bad = join(directory, 'bad.bin');
    for (const bytes of [store.subarray(0, store.length - 1_000), Buffer.from('none'), null]) {
      if (bytes === null) rmSync(bad);
      else writeFileSync(bad, bytes);
      const asked = Promise.all(
        LEAKED.slice(0, 200).map((one) => createLeakedPasswords(bad).has(one)),
      );
      await expect(asked).rejects.toMatchObject({ code: 'unavailable' });
    }
  });

  it.each(['P@ssw0rd2026!', 'PASSWORD1234', '!!password!!', '2026-Password-2026'])(
    'AUT-03: knows a leaked word under its usual disguise: %s',
    async (password) => {
      expect(await createLeakedPasswords(file).has(password)).toBe(true);
    },
  );
});
