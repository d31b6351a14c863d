/** Marks the beginning of a word, so that "Verträge" finds "Vertrag…" and "skolene" finds "skole…". */
const BEGINNING = '<';
/** Marks the end of a long word, where the head of a compound stands ("Bundes|kanzler"). */
const ENDING = '>';
const PART = 5;
const SHORTEST_WITH_BEGINNING = 6;
const SHORTEST_WITH_ENDING = 8;

export type LexemeKind = 'word' | 'beginning' | 'ending';

/** One entry of the index for a word, and how much it says that the word itself is meant. */
export type Lexeme = { readonly lexeme: string; readonly kind: LexemeKind };

/** Under which lexemes a word is indexed and looked up. `word` comes from splitWords. */
export function lexemesOf(word: string): Lexeme[] {
  const lexemes: Lexeme[] = [{ lexeme: word, kind: 'word' }];
  const characters = [...word];
  if (characters.length >= SHORTEST_WITH_BEGINNING)
    lexemes.push({ lexeme: BEGINNING + characters.slice(0, PART).join(''), kind: 'beginning' });
  if (characters.length >= SHORTEST_WITH_ENDING)
    lexemes.push({ lexeme: ENDING + characters.slice(-PART).join(''), kind: 'ending' });
  return lexemes;
}

/** The distinct lexemes of a passage, sorted, as its index entry takes them. */
export function distinctLexemes(words: readonly string[]): string[] {
  const all = new Set(words.flatMap((word) => lexemesOf(word).map(({ lexeme }) => lexeme)));
  return [...all].sort();
}
