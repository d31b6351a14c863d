import { describe, expect, it } from '@jest/globals';
import { makeTitle } from './make-title.ts';

describe('makeTitle', () => {
  it('takes the first words on one line, without markup', () => {
    expect(makeTitle('How long\nis the <b>river</b> Elvra?')).toBe('How long is the river Elvra');
  });
  it('cuts at a space', () => {
    const title = makeTitle(
      'What are the conditions under which a party may terminate the agreement early?',
    );
    expect(title).toBe('What are the conditions under which a party may terminate…');
  });
  it('never gives an empty title', () => {
    expect(makeTitle('???')).toBe('???');
  });
});
