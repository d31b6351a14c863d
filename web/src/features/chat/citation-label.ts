import type { Citation } from '../../lib/api/types.ts';

/** Where a source stands, in one line: document, page, last heading. */
export function citationLabel({ documentName, page, headings, deleted }: Citation): string {
  const parts = [documentName, page === null ? null : `page ${page}`, headings.at(-1) ?? null];
  return parts.filter(Boolean).join(', ') + (deleted ? ' (deleted since)' : '');
}
