export const backoffLimits = { firstMs: 500, highestMs: 30_000, steadyMs: 60_000 } as const;

/**
 * How long to wait before the nth restart in a row (0 is the first): doubling, bounded, and spread
 * by a fifth either way so that components that fell together don't come back together.
 */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  const { firstMs, highestMs } = backoffLimits;
  const base = Math.min(highestMs, firstMs * 2 ** Math.min(attempt, 16));
  return Math.round(base * (0.8 + 0.4 * random()));
}
