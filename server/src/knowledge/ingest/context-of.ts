/** Headings further out than these say little about a passage and cost the model's window. */
const INNERMOST = 3;
const LONGEST = 200;

/**
 * What a passage belongs to, put before its text for words and vector alike: a passage under
 * "Notice period" often doesn't repeat these words. Without headings it is the file's name.
 */
export function contextOf(documentName: string, headings: readonly string[]): string {
  const name = documentName.replace(/\.[^.]+$/, '').replace(/[_-]+/g, ' ');
  const titles = headings.length > 0 ? headings.slice(-INNERMOST) : [name];
  return titles.join(' · ').slice(0, LONGEST).toWellFormed();
}
