import type { Line } from './page-text.ts';

// "Ein- und Ausgang": the hyphen stands for the rest of the word and stays.
const SUSPENDED = /^(?:und|oder|bzw|sowie|and|or|og|eller|y|o|et|ou)\b/;

/** The lines as one text: words that were broken at the end of a line are whole again. */
export function joinText(lines: readonly Line[]): string {
  return lines
    .map(({ text }, i) => {
      const next = lines[i + 1]?.text;
      if (next === undefined) return text;
      if (!/\p{L}[-\u00ad\u2010]$/u.test(text)) return `${text} `;
      if (/^\p{Ll}/u.test(next)) return SUSPENDED.test(next) ? `${text} ` : text.slice(0, -1);
      return /^\p{Lu}/u.test(next) ? text : `${text} `;
    })
    .join('');
}
