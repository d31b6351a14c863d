// Soft hyphens, zero-width and bidi marks, and the tag characters that hide text from people only.
const INVISIBLE =
  /[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/gu;

// PostgreSQL takes no NUL, and nobody reads the others.
const CONTROL = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g;

/**
 * One line of clean text: white space folded, invisible and control characters removed. A single
 * no-break or thin space stays, because a quotation must match its source ("99 858 kroner").
 */
export function tidyLine(text: string): string {
  return visible(text)
    .replace(/\s{2,}|[\t-\r\u2028\u2029]/g, ' ')
    .trim();
}

/** The same for text of several lines: lines are tidied one by one, empty ones dropped. */
export function tidyLines(text: string): string {
  return text
    .split(/\r\n?|[\n\u2028\u2029]/)
    .map(tidyLine)
    .filter(Boolean)
    .join('\n');
}

/** Code and the like: indents and empty lines stay. */
export function tidyCode(text: string): string {
  return visible(text.replace(/\r\n?/g, '\n')).replace(/^\n+/, '').trimEnd();
}

const visible = (text: string): string =>
  text.toWellFormed().replace(CONTROL, ' ').replace(INVISIBLE, '');
