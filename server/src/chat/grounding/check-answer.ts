import { detectLanguage } from '../words/detect-language.ts';
import type { Language } from '../words/stop-words.ts';
import { citedNumbers, withoutCitations } from './citation-marks.ts';
import { carriesFresh, coverageOf, faultOf } from './compare-sentence.ts';
import { cosine } from './cosine.ts';
import { passageWindows } from './passage-windows.ts';
import { readText, type ReadText } from './read-text.ts';
import { splitSentences } from './split-sentences.ts';
import { FITTED, leastScore, scoreOf, type Thresholds } from './thresholds.ts';

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
  /** Of the window that carries it best; 0 for none. */
  readonly score: number;
};

export type CheckVerdict = 'supported' | 'partly_supported' | 'unsupported';

/** One unit vector a text, in order; null when no embedder answers: words alone then decide, more strictly. */
export type Embed = (texts: readonly string[]) => Promise<readonly (readonly number[])[] | null>;

type Checked = {
  answer: string;
  question?: string;
  passages: readonly Passage[];
  embed: Embed;
};

type Located = { passage: Passage; whole: string; window: ReadText; vector: number };

/**
 * Checks an answer sentence by sentence against the passages it was made from. A sentence is
 * supported when the words and the embedding of some window of a passage carry it and no number,
 * date, name or negation differs. With the question given, what the sentence adds to it must be
 * carried by itself: a repeated question makes any continuation look alike. Pure but for `embed`,
 * which is called once.
 * @returns offsets slice `answer`; the verdict weighs sentences by their length.
 */
export async function checkAnswer(
  { answer, question, passages, embed }: Checked,
  thresholds: Thresholds = FITTED,
): Promise<{ sentences: CheckedSentence[]; verdict: CheckVerdict }> {
  const language = detectLanguage(answer);
  const spans = splitSentences(answer)
    .map((span) => ({ ...span, written: answer.slice(span.start, span.end) }))
    .filter(({ written }) => /[\p{L}\p{N}]/u.test(withoutCitations(written)));
  const texts = spans.map(({ written }) => withoutCitations(written));
  const windows = passages.flatMap((passage) =>
    passageWindows(passage.text).map(({ text }) => ({ passage, text })),
  );
  const vectors = await embed([...texts, ...windows.map(({ text }) => text)]);
  const located = windows.map(({ passage, text }, index): Located => ({
    passage,
    whole: `${passage.context}\n${passage.text}`.normalize('NFKC').toLowerCase(),
    window: readText(text, language),
    vector: texts.length + index,
  }));
  const asked = question === undefined ? null : readText(question, language);
  const sentences = spans.map(({ start, end, written }, index) => {
    const decided = decide({
      sentence: readText(texts[index] ?? '', language),
      cited: new Set(citedNumbers(written)),
      located,
      asked,
      similarity: (at) => (vectors ? cosine(vectors[index], vectors[at.vector]) : null),
      language,
      thresholds,
    });
    return { start, end, ...decided };
  });
  return { sentences, verdict: verdictOf(sentences) };
}

type Decision = {
  sentence: ReadText;
  cited: ReadonlySet<number>;
  located: readonly Located[];
  /** The question; null where it is not known. */
  asked: ReadText | null;
  similarity: (at: Located) => number | null;
  language: Language | null;
  thresholds: Thresholds;
};

/**
 * A sentence that cites is held to what it cites. Models do cite the wrong number: another passage
 * counts only when it holds every word. Faults are looked for only where the score would do.
 */
function decide(decision: Decision): Omit<CheckedSentence, 'start' | 'end'> {
  const { sentence, cited, located, asked, thresholds, language } = decision;
  let best = 0;
  const supporters = new Map<number, number>();
  for (const at of located) {
    const coverage = coverageOf(sentence, at.window);
    const similarity = decision.similarity(at);
    const score = scoreOf({ coverage, similarity }, thresholds);
    const own = cited.size === 0 || cited.has(at.passage.n);
    if (score < leastScore(similarity, thresholds) || (!own && coverage < 1)) continue;
    if (asked && !carriesFresh({ sentence, asked, window: at.window })) continue;
    if (faultOf({ sentence, window: at.window, passage: at.whole, language }) !== null) continue;
    best = Math.max(best, score);
    supporters.set(at.passage.n, Math.max(score, supporters.get(at.passage.n) ?? 0));
  }
  const ranked = [...supporters].sort((a, b) => b[1] - a[1]).map(([n]) => n);
  const kept = ranked.filter((n) => cited.has(n));
  return {
    supported: ranked.length > 0,
    citations: kept.length > 0 ? kept.sort((a, b) => a - b) : ranked.slice(0, 1),
    score: Math.round(best * 1000) / 1000,
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
