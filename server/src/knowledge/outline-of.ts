import type { HeadingOfPassage } from './repo/passages.ts';

export type OutlineEntry = { title: string; level: number; chunkId: string };

/** The document's headings in reading order, each with the first passage under it. Level 1 is the outermost. */
export function outlineOf(passages: readonly HeadingOfPassage[]): OutlineEntry[] {
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
