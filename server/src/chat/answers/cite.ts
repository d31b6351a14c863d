import type { Citation } from '../answer.ts';
import { readQuestion } from '../relevance/question-evidence.ts';
import type { SearchHit } from '../search-knowledge.ts';

const LONGEST = 500;

/** The citations of the passages that an answer rests on; `about` chooses the sentence that is quoted. */
export function citePassages(
  passages: readonly SearchHit[],
  wanted: readonly { n: number; about: string }[],
): Citation[] {
  const seen = new Map<number, string>();
  for (const { n, about } of wanted) if (!seen.has(n)) seen.set(n, about);
  return [...seen]
    .sort(([a], [b]) => a - b)
    .flatMap(([n, about]) => {
      const hit = passages[n - 1];
      if (!hit) return [];
      const quote = readQuestion(about).rank(hit.text)[0]?.text ?? hit.text;
      return [{ ...sourceOf(hit), n, quote: quote.slice(0, LONGEST) }];
    });
}

export function sourceOf(hit: SearchHit): Omit<Citation, 'n' | 'quote'> {
  return {
    chunkId: hit.chunkId,
    documentId: hit.documentId,
    documentName: hit.documentName,
    page: hit.page,
    headings: hit.headings,
    deleted: false,
  };
}
