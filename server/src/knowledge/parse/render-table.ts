import { tidyLine } from './tidy-text.ts';

/**
 * Writes rows as lines that stand alone: `Header: value; Header: value`, so that a passage cut out
 * of a long table still says what its numbers mean. Without a header row: `value | value`.
 */
export function renderTable(rows: readonly (readonly string[])[], hasHeader: boolean): string[] {
  const [first, ...rest] = rows.map((row) => row.map(tidyLine));
  if (!first) return [];
  const lines =
    hasHeader && rest.length > 0
      ? rest.map((row) => namedRow(first, row))
      : [first, ...rest].map(plainRow);
  return lines.filter(Boolean);
}

const plainRow = (row: readonly string[]): string =>
  row.slice(row.findIndex(Boolean), row.findLastIndex(Boolean) + 1).join(' | ');

const namedRow = (header: readonly string[], row: readonly string[]): string =>
  row
    .map((value, i) => (value && header[i] ? `${header[i]}: ${value}` : value))
    .filter(Boolean)
    .join('; ');
