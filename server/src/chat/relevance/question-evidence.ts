import { passageWindows, type Window } from '../grounding/passage-windows.ts';
import { contentWords } from '../words/content-words.ts';
import { detectLanguage } from '../words/detect-language.ts';
import { factsOf } from '../words/facts.ts';
import { holdsNumber } from '../words/numbers.ts';
import { sameWord } from '../words/stem.ts';

/** What a passage offers for a question, by words. */
export type WordEvidence = {
  /** Share of the question's content words in the best window of one or two sentences. */
  readonly inWindow: number;
  /** The same in the whole passage with its headings and the document's name. */
  readonly inPassage: number;
  /** A name, code or number of the question that the passage does not hold. */
  readonly lacksFact: boolean;
};

export type Source = { readonly text: string; readonly context: string };

/** Compares a question with one passage by words alone; pure and fast enough to run before the model. */
export function wordEvidence(question: string, source: Source): WordEvidence {
  const whole = `${source.context}\n${source.text}`;
  const windows = passageWindows(source.text).map(({ text }) => text);
  const share = shareOf(question);
  return {
    inWindow: Math.max(0, ...windows.map(share)),
    inPassage: share(whole),
    lacksFact: lacksFact(question, whole),
  };
}

/** The window of a passage that holds most of the question's words; the first one of equals. */
export function rankWindows(question: string, passage: string): (Window & { share: number })[] {
  const share = shareOf(question);
  return passageWindows(passage)
    .map((window) => ({ ...window, share: share(window.text) }))
    .sort((a, b) => b.share - a.share);
}

/** Long words are rarer than short ones, so they weigh more. */
function shareOf(question: string): (text: string) => number {
  const language = detectLanguage(question);
  const words = contentWords(question, language).map(({ stem }) => stem);
  const weight = (stem: string): number => Math.min(8, stem.length);
  const all = words.reduce((sum, stem) => sum + weight(stem), 0);
  return (text) => {
    if (all === 0) return 0;
    const found = contentWords(text, language);
    const held = words.filter((stem) => found.some((other) => sameWord(stem, other.stem)));
    return held.reduce((sum, stem) => sum + weight(stem), 0) / all;
  };
}

function lacksFact(question: string, whole: string): boolean {
  const language = detectLanguage(question);
  const asked = factsOf(question, language);
  const held = factsOf(whole, language);
  const lower = whole.normalize('NFKC').toLowerCase();
  return (
    asked.names.some((name) => !lower.includes(name)) ||
    asked.numbers.some((number) => !holdsNumber(held.numbers, number))
  );
}
