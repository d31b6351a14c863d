import { parse } from 'csv-parse/sync';
import { decodeText } from '../decode-text.ts';
import { renderTable } from '../render-table.ts';
import { addRows } from './add-rows.ts';
import type { ReadInput, ReadOutcome } from './format-reader.ts';

const DELIMITERS = [',', ';', '\t', '|'] as const;
const SAMPLE_RECORDS = 50;
// A quote that is never closed must not swallow the rest of the file into one cell.
const MAX_RECORD = 1_000_000;

/** Separated values: every cell is text, a formula is never more than that. */
export function readCsv({ bytes, blocks }: ReadInput): ReadOutcome {
  const text = decodeText(bytes);
  const delimiter = detectDelimiter(text);
  const rows = parseRows(text, delimiter);
  addRows(blocks, renderTable(rows, hasHeader(rows)));
  return { title: null, pages: null };
}

/** The separator that cuts the first records into the most columns, the same number in each. */
export function detectDelimiter(text: string): string {
  let best: { delimiter: string; score: number } = { delimiter: ',', score: 0 };
  for (const delimiter of DELIMITERS) {
    const widths = sampleWidths(text, delimiter);
    const width = widths[0] ?? 1;
    const score =
      width < 2
        ? 0
        : (widths.filter((it) => it === width).length / widths.length) * (1 + width / 1_000);
    if (score > best.score) best = { delimiter, score };
  }
  return best.delimiter;
}

function sampleWidths(text: string, delimiter: string): number[] {
  try {
    return parseRows(text.slice(0, 200_000), delimiter, SAMPLE_RECORDS).map((row) => row.length);
  } catch {
    return [];
  }
}

function parseRows(text: string, delimiter: string, to?: number): string[][] {
  return parse(text, {
    delimiter,
    bom: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: MAX_RECORD,
    ...(to !== undefined && { to }),
  });
}

/** A first row that names columns: every cell is filled, no two are the same, none is a number. */
function hasHeader([first = []]: readonly string[][]): boolean {
  const names = first.map((cell) => cell.trim());
  return (
    names.length > 1 &&
    new Set(names).size === names.length &&
    names.every((name) => name !== '' && !/^[-+]?[\d.,\s%€$£]+$/.test(name))
  );
}
