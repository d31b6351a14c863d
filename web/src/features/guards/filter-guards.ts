/** Those at fault first, then those that hold every word of the wish, in any of their texts. */
export function filterGuards<T extends { fault: string | null }>(
  items: readonly T[],
  wish: string,
): T[] {
  const words = wish.toLowerCase().split(/\s+/).filter(Boolean);
  const textOf = (item: T) => JSON.stringify(Object.values(item)).toLowerCase();
  return items
    .filter((item) => words.every((word) => textOf(item).includes(word)))
    .sort((a, b) => Number(b.fault !== null) - Number(a.fault !== null));
}
