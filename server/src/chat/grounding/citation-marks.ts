const MARK = /\[\d{1,2}(?:\s*[,;–-]\s*\d{1,2})*\]/g;

/** The numbers in marks like `[1]`, `[1, 3]` or `[1][2]`. */
export function citedNumbers(text: string): number[] {
  const marks = text.match(MARK) ?? [];
  return [...new Set(marks.flatMap((mark) => (mark.match(/\d+/g) ?? []).map(Number)))];
}

export function withoutCitations(text: string): string {
  return text
    .replace(MARK, '')
    .replace(/ (?=[ .,;:!?])/g, '')
    .trim();
}
