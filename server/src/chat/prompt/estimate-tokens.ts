/**
 * An upper estimate of the tokens of a text, without the model's tokenizer: about three characters a
 * token in Latin scripts, one elsewhere.
 */
export function estimateTokens(text: string): number {
  const wide = text.match(/[^\p{ASCII}\u0080-\u024F]/gu)?.length ?? 0;
  return Math.ceil((text.length - wide) / 3 + wide);
}

/** The longest beginning of the text within a number of tokens, cut at a space where there is one. */
export function cutToTokens(text: string, tokens: number): string {
  if (estimateTokens(text) <= tokens) return text;
  let length = Math.min(text.length, tokens * 3);
  while (length > 0 && estimateTokens(text.slice(0, length)) > tokens)
    length -= Math.max(1, length >> 4);
  const cut = text.slice(0, length);
  const space = cut.lastIndexOf(' ');
  return `${(space > length / 2 ? cut.slice(0, space) : cut).trimEnd()} …`;
}
