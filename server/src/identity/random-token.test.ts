import { describe, expect, it } from '@jest/globals';
import { randomToken } from './random-token.ts';

describe('a refresh token', () => {
  it('SES-02: has 256 random bits, and says nothing else', () => {
    const tokens = Array.from({ length: 1000 }, randomToken);
    for (const token of tokens) expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    expect(new Set(tokens).size).toBe(1000);
    const ones = tokens.flatMap((token) => [...Buffer.from(token, 'base64url')]);
    const share = ones.reduce((sum, byte) => sum + byte, 0) / ones.length;
    // The mean of even bytes is 127.5; a thousand tokens stay within one of it.
    expect(Math.abs(share - 127.5)).toBeLessThan(2);
  });
});
