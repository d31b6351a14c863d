import type { Block, Language } from './parsed-document.ts';
import { STOP_WORDS } from './stop-words.ts';

const SAMPLE_WORDS = 4_000;
// Running text has every third to fifth word in such a list; names and numbers have none.
const MIN_SHARE = 0.08;
const MIN_HITS = 3;

/**
 * Guesses the language of a document by its frequent words, for the choice of a full text
 * dictionary: `simple` where none of ours is clearly ahead.
 */
export function detectLanguage(blocks: readonly Block[]): Language {
  const words = sampleWords(blocks);
  let best: { language: Language; hits: number } = { language: 'simple', hits: 0 };
  for (const [language, stopWords] of STOP_WORDS) {
    const hits = words.filter((word) => stopWords.has(word)).length;
    if (hits > best.hits) best = { language, hits };
  }
  return best.hits >= MIN_HITS && best.hits >= words.length * MIN_SHARE ? best.language : 'simple';
}

/** Words from all over the document, because a title page or an appendix may be in another tongue. */
function sampleWords(blocks: readonly Block[]): string[] {
  const step = Math.max(1, Math.floor(blocks.length / 200));
  const words: string[] = [];
  for (let i = 0; i < blocks.length && words.length < SAMPLE_WORDS; i += step) {
    const text = blocks[i]?.text.slice(0, 2_000).toLowerCase() ?? '';
    words.push(...(text.match(/\p{L}+/gu) ?? []));
  }
  return words.slice(0, SAMPLE_WORDS);
}
