import { describe, expect, it } from '@jest/globals';
import { passwordRules } from './password-rules.ts';

const known = { email: 'ada@example.test', name: 'Ada Lovelace' };
const unmet = (password: string): number =>
  passwordRules(password, known).filter((rule) => !rule.met).length;

describe('the rules of a password', () => {
  it('meets no rule with nothing', () => {
    expect(unmet('')).toBe(4);
  });

  it('refuses what is short, repeated, too long, or holds the own name', () => {
    expect(unmet('shortword')).toBe(1);
    expect(unmet('aaaaaaaaaaaaaa')).toBe(1);
    expect(unmet('ab'.repeat(2) + 'cdé'.repeat(20))).toBe(1);
    expect(unmet('my LOVELACE password')).toBe(1);
  });

  it('takes a sentence', () => {
    expect(unmet('the vault under the hill')).toBe(0);
  });
});
