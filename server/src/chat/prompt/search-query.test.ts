import { describe, expect, it } from '@jest/globals';
import { searchQuery } from './search-query.ts';

const before = 'Who operates the Nordholm wind farm?';

describe('searchQuery', () => {
  it.each([
    'What is the notice period for terminating the contract?',
    'How long must a password be?',
    'Welche Durchwahl hat die Haustechnik?',
    'Hvor hentes nøkkelen til hytta på Grøndalen?',
  ])('does not mix the question before into %p', (question) => {
    expect(searchQuery(question, before)).toBe(question);
  });

  it.each([
    'And when was it built?',
    'How tall are they?',
    'Why?',
    'Und wie groß ist er?',
    'Når ble den bygget?',
  ])('adds the question before to %p', (question) => {
    expect(searchQuery(question, before)).toBe(`${before} ${question}`);
  });

  it('leaves the first question as it is', () => {
    expect(searchQuery('Why?', undefined)).toBe('Why?');
  });
});
