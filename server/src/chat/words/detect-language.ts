import { STOP_WORDS, type Language } from './stop-words.ts';

/**
 * The language whose stop words occur most in the text; null when none does, or two do equally.
 * Good enough to choose number words and a phrase; nothing depends on it alone.
 */
export function detectLanguage(text: string): Language | null {
  const words =
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/\p{L}+/gu) ?? [];
  const counts = Object.entries(STOP_WORDS).map(([language, list]) => ({
    language: language as Language,
    count: words.filter((word) => list.has(word)).length,
  }));
  counts.sort((a, b) => b.count - a.count);
  const [best, second] = counts;
  if (!best || best.count === 0 || best.count === second?.count) return null;
  return best.language;
}
