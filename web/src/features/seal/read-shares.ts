const SHARE = /^[0-9a-fA-F]{64}([0-9a-fA-F]{2})?$/;

export type TypedShares = { shares: string[]; broken: number };

/** What somebody typed or pasted: one share a line, with whatever stands around it. */
export function readShares(text: string): TypedShares {
  const words = text.split(/\s+/).filter((word) => word.length >= 40);
  const shares = words.filter((word) => SHARE.test(word));
  return { shares: [...new Set(shares)], broken: words.length - shares.length };
}
