import { cosine } from '../grounding/cosine.ts';
import type { Embed } from '../grounding/check-answer.ts';
import { readQuestion, type Source, type WordEvidence } from './question-evidence.ts';

/**
 * Fitted on one half of `cases/questions.jsonl`: words and embedding weigh the same. A name or number
 * that the passage lacks is held against it.
 */
const LEAST = 0.62;
const LACKING = 0.3;
/** Beyond these shares of the question's words no embedding changes the verdict. */
const SURELY = 0.85;
const SURELY_NOT = 0.35;
/** Without an embedder. */
const LEAST_WORDS_ALONE = 0.6;
/** Windows that are embedded at most: it bounds the time before the model is asked. */
const MOST_WINDOWS = 10;

export type Relevance = { readonly relevant: boolean; readonly score: number };

/**
 * Whether any of the passages can answer the question. By words where they decide alone, else by
 * words and the embedding of the windows that hold most of the question's words.
 */
export async function judgeRelevance(
  question: string,
  sources: readonly Source[],
  embed: Embed,
): Promise<Relevance> {
  const words = readQuestion(question);
  const evidence = sources.map(words.evidence);
  const best = Math.max(0, ...evidence.map(byWords));
  if (best >= SURELY) return { relevant: true, score: best };
  if (best < SURELY_NOT) return { relevant: false, score: best };
  const windows = sources
    .flatMap((source, at) => words.rank(source.text).map((window) => ({ ...window, at })))
    .sort((a, b) => b.share - a.share)
    .slice(0, MOST_WINDOWS);
  const vectors = await embed([question, ...windows.map(({ text }) => text)]);
  if (!vectors) return { relevant: best >= LEAST_WORDS_ALONE, score: best };
  const scores = windows.map(({ at }, index) => {
    const offered = evidence[at];
    return offered ? weigh(offered, cosine(vectors[0], vectors[index + 1])) : 0;
  });
  const score = Math.max(0, ...scores);
  return { relevant: score >= LEAST, score };
}

function byWords({ inPassage, lacksFact }: WordEvidence): number {
  return inPassage - (lacksFact ? LACKING : 0);
}

function weigh(words: WordEvidence, similarity: number): number {
  return (words.inPassage + similarity) / 2 - (words.lacksFact ? LACKING : 0);
}
