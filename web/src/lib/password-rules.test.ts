import { describe, expect, it } from '@jest/globals';
import { passwordRules } from './password-rules.ts';

const met = (password: string): boolean[] => passwordRules(password).map((rule) => rule.met);

describe('the rules of a password', () => {
  it('meets no rule with nothing', () => {
    expect(met('')).toEqual([false, false, false]);
  });

  it('refuses what is short, of too few kinds, or longer than the hash reads', () => {
    expect(met('Short 1')).toEqual([false, true, true]);
    expect(met('thevaultunderthehill')).toEqual([true, false, true]);
    expect(met('The vault '.repeat(8))).toEqual([true, true, false]);
  });

  it('counts letters of every alphabet, and bytes instead of letters', () => {
    expect(met('Ærlighet varer lengst')).toEqual([true, true, true]);
    expect(met('Æ ø '.repeat(13))).toEqual([true, true, false]);
  });

  it('takes a sentence', () => {
    expect(met('The vault under the hill')).toEqual([true, true, true]);
  });
});
