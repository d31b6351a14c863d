import type { HeadingOfPassage } from './repo/passages.ts';

export type OutlineEntry = { title: string; level: number; chunkId: string };

/**
 * The document's headings in reading order, each with the first passage under it. Level 1 is the
 * outermost. A document without headings has its pages, or else the first words of its passages.
 */
export function outlineOf(passages: readonly HeadingOfPassage[]): OutlineEntry[] {
  if (passages.every(({ headings }) => headings.length === 0)) return plainOutline(passages);
  let open: readonly string[] = [];
  return passages.flatMap(({ chunkId, headings }) => {
    const same = headings.findIndex((heading, depth) => heading !== open[depth]);
    open = headings;
    if (same === -1) return [];
    return headings
      .slice(same)
      .map((title, below) => ({ title, level: same + below + 1, chunkId }));
  });
}

function plainOutline(passages: readonly HeadingOfPassage[]): OutlineEntry[] {
  let last: number | null = null;
  return passages.flatMap(({ chunkId, page, opening }) => {
    if (page === null) return [{ title: firstWords(opening), level: 1, chunkId }];
    if (page === last) return [];
    last = page;
    return [{ title: `Page ${page}`, level: 1, chunkId }];
  });
}

const WORDS = 7;

function firstWords(opening: string): string {
  const words = opening.trim().split(/\s+/).slice(0, WORDS);
  return `${words.join(' ')} …`;
}
