import { describe, expect, it } from '@jest/globals';
import { resetToken } from './reset-token.ts';

const token = 'a'.repeat(43);

describe('the link of an administrator', () => {
  it.each(['', '#', '#reset=', `#reset=${token}x`, `#other=${token}`, `#reset=${'<'.repeat(43)}`])(
    'is not %s',
    (hash) => expect(resetToken(hash)).toBeNull(),
  );

  it('carries its token behind the hash', () => {
    expect(resetToken(`#reset=${token}`)).toBe(token);
  });
});
