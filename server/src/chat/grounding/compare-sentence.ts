import { contentWords } from '../words/content-words.ts';
import { factsOf, type Facts } from '../words/facts.ts';
import { holdsNumber } from '../words/numbers.ts';
import { contradicts } from '../words/polarity.ts';
import { sameWord } from '../words/stem.ts';
import type { Language } from '../words/stop-words.ts';

export type Comparison = {
  /** Share of the sentence's content words that the window holds, 0 to 1. */
  readonly coverage: number;
  /** Cosine of the embeddings, or null without an embedder. */
  readonly similarity: number | null;
  /** Why it cannot be supported, whatever the scores say. */
  readonly fault: null | 'number' | 'name' | 'member' | 'negation' | 'empty';
};

type Pair = {
  sentence: string;
  window: string;
  /** The whole passage with its document's name and headings. */
  passage: string;
  language: Language | null;
  similarity: number | null;
};

/** Compares one sentence with one window of a passage. */
export function compareSentence(pair: Pair): Comparison {
  const words = contentWords(pair.sentence, pair.language);
  const facts = factsOf(pair.sentence, pair.language);
  const found = contentWords(pair.window, pair.language);
  const covered = words.filter(({ stem }) => found.some((other) => sameWord(stem, other.stem)));
  const size = words.length + facts.numbers.length;
  const coverage = size === 0 ? 0 : (covered.length + facts.numbers.length) / size;
  const fault = size === 0 ? 'empty' : faultOf(pair, facts);
  return { coverage, similarity: pair.similarity, fault };
}

function faultOf({ sentence, window, passage, language }: Pair, facts: Facts): Comparison['fault'] {
  const source = factsOf(window, language);
  if (facts.numbers.some((number) => !holdsNumber(source.numbers, number))) return 'number';
  if ([...facts.members].some((member) => !source.members.has(member))) return 'member';
  const whole = passage.normalize('NFKC').toLowerCase();
  if (facts.names.some((name) => !holdsName(whole, name))) return 'name';
  return contradicts(sentence, window, language) ? 'negation' : null;
}

const PART_OF_WORD = /[\p{L}\p{N}]/u;

/** A code must stand there whole: half of an access token is another token. Names may be inflected. */
function holdsName(whole: string, name: string): boolean {
  if (!/\d/.test(name)) return whole.includes(name);
  for (let at = whole.indexOf(name); at >= 0; at = whole.indexOf(name, at + 1)) {
    const [before = '', after = ''] = [whole[at - 1], whole[at + name.length]];
    if (!PART_OF_WORD.test(before) && !PART_OF_WORD.test(after) && before !== '-' && after !== '-')
      return true;
  }
  return false;
}
