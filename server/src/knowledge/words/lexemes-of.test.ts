import { describe, expect, it } from '@jest/globals';
import { distinctLexemes, lexemesOf } from './lexemes-of.ts';

const shared = (left: string, right: string): string[] =>
  lexemesOf(left)
    .map(({ lexeme }) => lexeme)
    .filter((lexeme) => lexemesOf(right).some((other) => other.lexeme === lexeme));

describe('lexemesOf', () => {
  it('gives a short word no parts', () => {
    expect(lexemesOf('liga')).toEqual([{ lexeme: 'liga', kind: 'word' }]);
  });
  it('lets forms of one word meet', () => {
    expect(shared('vertrage', 'vertragspartner')).toEqual(['<vertr']);
    expect(shared('skolene', 'skolens')).toEqual(['<skole']);
  });
  it('lets compounds with one head meet', () => {
    expect(shared('bundeskanzler', 'vizekanzler')).toEqual(['>nzler']);
  });
  it('does not let a beginning meet an ending', () => {
    expect(shared('tragende', 'vortragende')).toEqual(['>gende']);
  });
});

describe('distinctLexemes', () => {
  it('names each once', () => {
    expect(distinctLexemes(['b', 'a', 'b'])).toEqual(['b', 'a']);
  });
});
