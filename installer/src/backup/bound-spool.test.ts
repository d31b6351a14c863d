import { describe, expect, it } from '@jest/globals';
import { isTooMuch } from './bound-spool.ts';

const GIB = 1024 ** 3;

describe('the log that waits for its target', () => {
  it.each([
    ['stays below its limit', { spooled: 15 * GIB, free: 100 * GIB }, false],
    ['goes beyond its limit', { spooled: 17 * GIB, free: 100 * GIB }, true],
    ['goes when it takes the last of the disk', { spooled: GIB, free: GIB / 2 }, true],
    ['stays where something else takes the disk', { spooled: GIB / 8, free: GIB / 2 }, false],
  ])('RES-04: %s', (_what, room, goes) => {
    expect(isTooMuch({ ...room, limitGiB: 16 })).toBe(goes);
  });
});
