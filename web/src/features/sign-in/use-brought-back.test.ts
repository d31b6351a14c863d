import { describe, expect, it } from '@jest/globals';
import { readBrought } from './use-brought-back.ts';

describe('what a provider sends the browser back with', () => {
  it('shows no words of the address itself', () => {
    for (const search of [
      '?error=access_denied&error_description=Call%20this%20number',
      '?error=%3Cb%3Eevil',
      '?state=x&error=server_error',
      '',
      '?code=x',
    ])
      expect(JSON.stringify(readBrought(search))).not.toMatch(/number|evil|server_error/);
    expect(readBrought('?error=access_denied')).toEqual({
      refused: 'Your directory did not let you in.',
    });
  });

  it('takes state, code and issuer', () => {
    expect(readBrought('?state=s&code=c')).toEqual({ state: 's', code: 'c' });
    expect(readBrought('?state=s&code=c&iss=https%3A%2F%2Fidp.example&session_state=x')).toEqual({
      state: 's',
      code: 'c',
      iss: 'https://idp.example',
    });
  });

  it('says what is to be done where a directory began by itself, in words of its own alone', () => {
    expect(readBrought('?error=not_begun_here')).toEqual({
      refused: expect.stringContaining('Begin at the sign-in page'),
    });
    expect(JSON.stringify(readBrought('?error=constructor'))).not.toContain('native code');
    expect(readBrought('?error=toString')).toEqual({
      refused: expect.stringContaining('could not sign you in'),
    });
  });
});
