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
  // Characters outside the basic plane take two units, which must not be parted.
  const characters = SURROGATE.test(word) ? [...word] : word;
  if (characters.length >= SHORTEST_WITH_BEGINNING)
    lexemes.push({ lexeme: BEGINNING + join(characters.slice(0, PART)), kind: 'beginning' });
  if (characters.length >= SHORTEST_WITH_ENDING)
    lexemes.push({ lexeme: ENDING + join(characters.slice(-PART)), kind: 'ending' });
  return lexemes;
}

const SURROGATE = /[\ud800-\udfff]/;

const join = (part: string | string[]): string => (typeof part === 'string' ? part : part.join(''));

/** The distinct lexemes of a passage, as its index entry takes them. */
export function distinctLexemes(words: readonly string[]): string[] {
  const all = new Set<string>();
  for (const word of new Set(words)) for (const { lexeme } of lexemesOf(word)) all.add(lexeme);
  return [...all];
}
