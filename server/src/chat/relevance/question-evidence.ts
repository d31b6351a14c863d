import { splitSentences } from '../grounding/split-sentences.ts';
import type { Window } from '../grounding/passage-windows.ts';
import { contentWords } from '../words/content-words.ts';
import { detectLanguage } from '../words/detect-language.ts';
import { factsOf } from '../words/facts.ts';
import { holdsName } from '../words/holds-name.ts';
import { holdsNumber } from '../words/numbers.ts';
import { sameWord } from '../words/stem.ts';

/** What a passage offers for a question, by words. */
export type WordEvidence = {
  /** Share of the question's content words in the passage with its headings and the document's name. */
  readonly inPassage: number;
  /** A name, code or number of the question that the passage does not hold. */
  readonly lacksFact: boolean;
};

export type Source = { readonly text: string; readonly context: string };

export type RankedWindow = Window & { readonly share: number };

/** A question taken apart once, to be compared with many passages. */
export type QuestionWords = {
  evidence(source: Source): WordEvidence;
  /** One and two sentences of a passage with the share of the question's words; best first, short before long. */
  rank(passage: string): RankedWindow[];
};

/** Compares by words alone; pure and fast enough to run before the model is asked. */
export function readQuestion(question: string): QuestionWords {
  const language = detectLanguage(question);
  const words = contentWords(withoutMeasure(question), language).map(({ stem }) => stem);
  const asked = factsOf(question, language);
  // Long words are rarer than short ones, so they weigh more.
  const weights = words.map((stem) => Math.min(8, stem.length));
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const heldBy = (text: string): boolean[] => {
    const found = new Set(contentWords(text, language).map(({ stem }) => stem));
    return words.map(
      (stem) => found.has(stem) || [...found].some((other) => sameWord(stem, other)),
    );
  };
  const share = (held: readonly boolean[]): number =>
    all === 0 ? 0 : weights.reduce((sum, weight, at) => sum + (held[at] ? weight : 0), 0) / all;
  const lacks = (whole: string): boolean => {
    const lower = whole.normalize('NFKC').toLowerCase();
    if (asked.names.some((name) => !holdsName(lower, name))) return true;
    if (asked.numbers.length === 0) return false;
    const held = factsOf(whole, language).numbers;
    return asked.numbers.some((number) => !holdsNumber(held, number));
  };
  return {
    evidence: (source) => {
      const whole = `${source.context}\n${source.text}`;
      return { inPassage: share(heldBy(whole)), lacksFact: lacks(whole) };
    },
    rank: (passage) => {
      const singles = splitSentences(passage).map((span) => ({
        ...span,
        held: heldBy(passage.slice(span.start, span.end)),
      }));
      const pairs = singles.slice(1).map((next, at) => ({
        start: singles[at]?.start ?? 0,
        end: next.end,
        held: next.held.map((held, word) => held || (singles[at]?.held[word] ?? false)),
      }));
      return [...singles, ...pairs]
        .map(({ start, end, held }) => ({
          start,
          end,
          text: passage.slice(start, end).replace(/\s+/g, ' '),
          share: share(held),
        }))
        .sort((a, b) => b.share - a.share);
    },
  };
}

const MEASURE =
  /(?<!\p{L})(how|wie|hvor)\s+(?:much|many|long|high|often|far|old|large|big|expensive|hoch|viele?|lange?|oft|weit|alt|gro(?:ß|ss)|teuer|mye|mange|lenge|høyt?|ofte|langt|gammel|stort?)(?!\p{L})/giu;

/** "How high is the fee" asks for an amount; no passage that tells it says "high". */
function withoutMeasure(question: string): string {
  return question.replace(MEASURE, '$1');
}
