import type { Outcome } from '../answer.ts';
import { checkAnswer, type Embed, type Passage } from '../grounding/check-answer.ts';
import { addsNothing } from '../grounding/adds-nothing.ts';
import { saysNoAnswer } from '../prompt/build-prompt.ts';
import { chooseQuotes } from '../quotes/choose-quotes.ts';
import { phrasesFor } from '../quotes/phrases.ts';
import { writeQuotes } from '../quotes/write-quotes.ts';
import { contextOf, type SearchHit } from '../search-knowledge.ts';
import { citePassages, sourceOf } from './cite.ts';

type Grounded = Pick<Outcome, 'content' | 'verdict' | 'sentences' | 'citations'> & {
  /** The model's text was taken away. */
  readonly replaced: boolean;
};

type Written = {
  question: string;
  /** What the search went for: the question, with the one before where it leans on that. */
  query: string;
  answer: string;
  passages: readonly SearchHit[];
  /** How surely the passages answer the question, 0 to 1. */
  relevance: number;
  /** Documents that the search did not know yet. */
  countUnread: () => Promise<number>;
  embed: Embed;
};

/** So sure of the passages that a model's "not in the documents" is not believed. */
const SURE = 0.75;

/** Checks a finished answer; quotes the passages instead where they don't carry it. */
export async function groundAnswer(written: Written): Promise<Grounded> {
  const { question, query, answer, embed } = written;
  const passages = written.passages.map((hit, index) => ({
    n: index + 1,
    text: hit.text,
    context: contextOf(hit),
  }));
  const denied = saysNoAnswer(answer);
  if (denied && written.relevance < SURE)
    return { ...notInDocuments(question, await written.countUnread()), replaced: true };
  if (denied || addsNothing(query, answer)) return quote(written, passages);
  const { sentences, verdict } = await checkAnswer({ answer, question: query, passages, embed });
  if (verdict === 'unsupported') return quote(written, passages);
  const cited = sentences.flatMap(({ start, end, citations }) =>
    citations.map((n) => ({ n, about: answer.slice(start, end) })),
  );
  return {
    content: answer,
    verdict,
    sentences: sentences.map(({ score: _score, ...sentence }) => sentence),
    citations: citePassages(written.passages, cited),
    replaced: false,
  };
}

/** Says so, and how many documents it does not speak for. */
export function notInDocuments(
  question: string,
  unread: number,
): Pick<Outcome, 'content' | 'verdict' | 'sentences' | 'citations'> {
  const phrases = phrasesFor(question);
  return {
    content: unread === 0 ? phrases.notFound : `${phrases.notFound} ${phrases.unread(unread)}`,
    verdict: 'not_in_documents',
    sentences: null,
    citations: [],
  };
}

async function quote(
  { question, query, embed, passages: hits }: Written,
  passages: readonly Passage[],
): Promise<Grounded> {
  const quotes = await chooseQuotes(query, passages, embed);
  return {
    content: writeQuotes(question, quotes),
    verdict: 'quoted',
    sentences: null,
    citations: quotes
      .flatMap(({ n, text }) => {
        const hit = hits[n - 1];
        return hit ? [{ ...sourceOf(hit), n, quote: text }] : [];
      })
      .sort((a, b) => a.n - b.n),
    replaced: true,
  };
}
