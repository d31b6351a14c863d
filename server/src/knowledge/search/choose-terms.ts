import { lexemesOf, type LexemeKind } from '../words/lexemes-of.ts';
import { rarity } from '../words/rarity.ts';

/** In how many passages each lexeme of a question stands, and how many passages there are. */
export type Frequencies = { readonly holding: ReadonlyMap<string, number>; readonly total: number };

/** A lexeme to look up, and what a passage earns that holds it. */
export type Term = { readonly lexeme: string; readonly weight: number };

/** A part of a word is weaker evidence than the word. */
const TRUST: Readonly<Record<LexemeKind, number>> = { word: 1, beginning: 0.5, ending: 0.3 };

/** Index entries that one search reads at most: it bounds the time, whatever is asked. */
export const MOST_ENTRIES = 8_000;
const MOST_TERMS = 48;

/**
 * Picks what to look up: the rarest lexemes first, until the passages to be touched reach the
 * bound. Frequent words add time and no candidates; ranking still counts them.
 */
export function chooseTerms(words: readonly string[], { holding, total }: Frequencies): Term[] {
  const best = new Map<string, number>();
  for (const { lexeme, kind } of words.flatMap(lexemesOf)) {
    const held = holding.get(lexeme) ?? 0;
    if (held === 0) continue;
    const weight = TRUST[kind] * rarity(held, total);
    best.set(lexeme, Math.max(weight, best.get(lexeme) ?? 0));
  }
  const rarestFirst = [...best].sort(
    ([left], [right]) => (holding.get(left) ?? 0) - (holding.get(right) ?? 0),
  );
  const chosen: Term[] = [];
  let entries = 0;
  for (const [lexeme, weight] of rarestFirst.slice(0, MOST_TERMS)) {
    entries += holding.get(lexeme) ?? 0;
    if (chosen.length > 0 && entries > MOST_ENTRIES) break;
    chosen.push({ lexeme, weight });
  }
  return chosen;
}
