import { describe, expect, it } from '@jest/globals';
import { passwordSchema } from './password-policy.ts';

describe('a password as it is sent', () => {
  it('AUT-01: is refused beyond the 72 bytes that bcrypt reads, so that no longer one fits', () => {
    expect(passwordSchema.safeParse('é'.repeat(36)).success).toBe(true);
    expect(passwordSchema.safeParse('é'.repeat(37)).success).toBe(false);
  });

  it('is the same however a keyboard composes its letters', () => {
    expect(passwordSchema.parse('e\u0301')).toBe(passwordSchema.parse('\u00e9'));
  });
});
