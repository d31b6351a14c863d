import { detectLanguage } from '../words/detect-language.ts';
import { citedNumbers, withoutCitations } from './citation-marks.ts';
import { compareSentence, type Comparison } from './compare-sentence.ts';
import { cosine } from './cosine.ts';
import { passageWindows, type Window } from './passage-windows.ts';
import { splitSentences } from './split-sentences.ts';
import { isSupported, scoreOf, type Thresholds, FITTED } from './thresholds.ts';

/** What the model was given, numbered as it was told. */
export type Passage = {
  readonly n: number;
  readonly text: string;
  /** Document name and headings: names may come from there. */
  readonly context: string;
};

export type CheckedSentence = {
  readonly start: number;
  readonly end: number;
  readonly supported: boolean;
  /** The passages it rests on; what the answer cited without cause is left out. */
  readonly citations: readonly number[];
  readonly score: number;
};

export type CheckVerdict = 'supported' | 'partly_supported' | 'unsupported';

/** One unit vector a text, in order; null when no embedder answers: words alone then decide, more strictly. */
export type Embed = (texts: readonly string[]) => Promise<readonly (readonly number[])[] | null>;

type Located = { passage: Passage; window: Window };

/**
 * Checks an answer sentence by sentence against the passages it was made from. A sentence is
 * supported when the words and the embedding of some window of a passage carry it and no number,
 * date, name or negation differs. Pure but for `embed`, which is called once.
 * @returns offsets slice `answer`; the verdict weighs sentences by their length.
 */
export async function checkAnswer(
  { answer, passages, embed }: { answer: string; passages: readonly Passage[]; embed: Embed },
  thresholds: Thresholds = FITTED,
): Promise<{ sentences: CheckedSentence[]; verdict: CheckVerdict }> {
  const spans = splitSentences(answer).filter(({ start, end }) =>
    /\p{L}|\p{N}/u.test(withoutCitations(answer.slice(start, end))),
  );
  const located = passages.flatMap((passage) =>
    passageWindows(passage.text).map((window) => ({ passage, window })),
  );
  const texts = spans.map(({ start, end }) => withoutCitations(answer.slice(start, end)));
  const vectors = await embed([...texts, ...located.map(({ window }) => window.text)]);
  const language = detectLanguage(answer);
  const sentences = spans.map((span, index) => {
    const compare = (at: Located): Comparison =>
      compareSentence({
        sentence: texts[index] ?? '',
        window: at.window.text,
        passage: `${at.passage.context}\n${at.passage.text}`,
        language,
        similarity: vectors
          ? cosine(vectors[index], vectors[spans.length + located.indexOf(at)])
          : null,
      });
    const cited = new Set(citedNumbers(answer.slice(span.start, span.end)));
    return { ...span, ...decide({ located, cited, compare, thresholds }) };
  });
  return { sentences, verdict: verdictOf(sentences) };
}

type Decision = {
  located: readonly Located[];
  cited: ReadonlySet<number>;
  compare: (at: Located) => Comparison;
  thresholds: Thresholds;
};

/**
 * A sentence that cites is held to what it cites. Models do cite the wrong number: another passage
 * counts only when it holds every word.
 */
function decide({
  located,
  cited,
  compare,
  thresholds,
}: Decision): Omit<CheckedSentence, 'start' | 'end'> {
  let best = 0;
  const supporters = new Map<number, number>();
  for (const at of located) {
    const comparison = compare(at);
    const score = scoreOf(comparison, thresholds);
    const own = cited.size === 0 || cited.has(at.passage.n);
    if (own) best = Math.max(best, score);
    const carries = isSupported(comparison, thresholds) && (own || comparison.coverage === 1);
    if (carries) supporters.set(at.passage.n, Math.max(score, supporters.get(at.passage.n) ?? 0));
  }
  const ranked = [...supporters].sort((a, b) => b[1] - a[1]).map(([n]) => n);
  const kept = ranked.filter((n) => cited.has(n));
  return {
    supported: ranked.length > 0,
    citations: kept.length > 0 ? kept.sort((a, b) => a - b) : ranked.slice(0, 1),
    score: Math.round((supporters.get(ranked[0] ?? -1) ?? best) * 1000) / 1000,
  };
}

const MOSTLY = 0.5;

function verdictOf(sentences: readonly CheckedSentence[]): CheckVerdict {
  const length = (part: readonly CheckedSentence[]): number =>
    part.reduce((sum, { start, end }) => sum + end - start, 0);
  const supported = sentences.filter((sentence) => sentence.supported);
  if (sentences.length === 0) return 'unsupported';
  if (supported.length === sentences.length) return 'supported';
  return length(supported) >= MOSTLY * length(sentences) ? 'partly_supported' : 'unsupported';
}
