import { holdsName } from '../words/holds-name.ts';
import { holdsNumber } from '../words/numbers.ts';
import { contradicts } from '../words/polarity.ts';
import { sameWord } from '../words/stem.ts';
import type { Language } from '../words/stop-words.ts';
import type { ReadText } from './read-text.ts';

/** Why a sentence cannot be supported by a window, whatever the scores say. */
export type Fault = 'number' | 'name' | 'member' | 'negation' | 'empty' | 'question';

/** Share of the sentence's content words and numbers that the window holds, 0 to 1. */
export function coverageOf(sentence: ReadText, window: ReadText): number {
  const numbers = sentence.facts().numbers.length;
  const size = sentence.stems.length + numbers;
  if (size === 0) return 0;
  const held = new Set(window.stems);
  const covered = sentence.stems.filter(
    (stem) => held.has(stem) || window.stems.some((other) => sameWord(stem, other)),
  );
  // A missing number is a fault of its own.
  return (covered.length + numbers) / size;
}

/** Least share of a sentence's own words, those its question did not hold, that a window must hold. */
const LEAST_FRESH = 0.5;

type Fresh = { sentence: ReadText; asked: ReadText; window: ReadText };

/** Whether the window carries what the sentence adds to the question. True when it adds no word. */
export function carriesFresh({ sentence, asked, window }: Fresh): boolean {
  const holds = (text: ReadText, stem: string): boolean =>
    text.stems.some((other) => sameWord(stem, other));
  const fresh = sentence.stems.filter((stem) => !holds(asked, stem));
  const held = fresh.filter((stem) => holds(window, stem));
  return held.length >= LEAST_FRESH * fresh.length;
}

type Pair = {
  sentence: ReadText;
  window: ReadText;
  /** The whole passage with its document's name and headings, lower case. */
  passage: string;
  language: Language | null;
};

/** What the sentence gets wrong against the window; null when nothing is seen. */
export function faultOf({ sentence, window, passage, language }: Pair): Fault | null {
  const facts = sentence.facts();
  if (sentence.stems.length + facts.numbers.length === 0) return 'empty';
  if (sentence.text.trimEnd().endsWith('?')) return 'question';
  const source = window.facts();
  if (facts.numbers.some((number) => !holdsNumber(source.numbers, number))) return 'number';
  if ([...facts.members].some((member) => !source.members.has(member))) return 'member';
  if (facts.names.some((name) => !holdsName(passage, name))) return 'name';
  return contradicts(sentence.text, window.text, language) ? 'negation' : null;
}
