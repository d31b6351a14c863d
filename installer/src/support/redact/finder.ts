import { shortest } from './known.ts';

/** What is searched for, and what stands for it. */
export type Needle = { text: string; by: string };

export type Finder = {
  /** Every needle replaced, the longest first where several begin. */
  replace: (text: string, onHit: () => void) => string;
  /** Whether any is in the text. */
  finds: (text: string) => boolean;
};

/**
 * Finds thousands of texts in one pass: by their first characters, looked up at each place. With `fold`
 * capitals don't matter. Needles shorter than that count only as whole words, and as they are written.
 */
export function createFinder(needles: readonly Needle[], fold: boolean): Finder {
  const long = new Map<string, Needle[]>();
  const short = new Map<string, string>();
  for (const { text, by } of needles) {
    if (text.length < shortest) {
      if (text !== '') short.set(text, by);
      continue;
    }
    const needle = { text: fold ? foldCase(text) : text, by };
    const start = needle.text.slice(0, shortest);
    long.set(start, [...(long.get(start) ?? []), needle]);
  }
  for (const [start, found] of long)
    long.set(
      start,
      found.sort((a, b) => b.text.length - a.text.length),
    );
  const each = (text: string, onHit: (from: number, to: number, by: string) => void): void => {
    if (long.size === 0) return;
    const folded = fold ? foldCase(text) : text;
    for (let at = 0; at <= folded.length - shortest; at += 1) {
      const found = long
        .get(folded.slice(at, at + shortest))
        ?.find((needle) => folded.startsWith(needle.text, at));
      if (!found) continue;
      onHit(at, at + found.text.length, found.by);
      at += found.text.length - 1;
    }
  };
  const words = (text: string, onHit: () => void): string =>
    short.size === 0
      ? text
      : text.replace(/[\p{L}\p{N}_]{1,100}/gu, (word) => {
          const by = short.get(word);
          if (by === undefined) return word;
          onHit();
          return by;
        });
  const replace = (text: string, onHit: () => void): string => {
    const parts: string[] = [];
    let kept = 0;
    each(text, (from, to, by) => {
      parts.push(text.slice(kept, from), by);
      kept = to;
      onHit();
    });
    return words(kept === 0 ? text : [...parts, text.slice(kept)].join(''), onHit);
  };
  const finds = (text: string): boolean => {
    let hits = 0;
    replace(text, () => (hits += 1));
    return hits > 0;
  };
  return { replace, finds };
}

/** Small letters, where that leaves the length as it is: places in both texts stay the same. */
function foldCase(text: string): string {
  return text.replace(/[A-Z\u0080-\uffff]/g, (one) => {
    const small = one.toLowerCase();
    return small.length === one.length ? small : one;
  });
}
