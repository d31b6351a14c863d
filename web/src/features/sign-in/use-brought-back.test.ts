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
});
