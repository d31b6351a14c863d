import { BULLET } from './bullet.ts';
import { findLeading } from './find-leading.ts';
import type { Line } from './page-text.ts';

/** Lines that belong together, in reading order; they may go on over a column or a page. */
export interface Paragraph {
  kind: 'text' | 'item' | 'rows';
  lines: Line[];
}

const MIN_ROWS = 3;
// Text without any sign of a paragraph is cut somewhere, so that a block stays a readable piece.
const MAX_LINES = 120;

/** Joins lines to paragraphs, items of lists and rows of tables. */
export function joinParagraphs(lines: readonly Line[]): Paragraph[] {
  const leading = findLeading(lines);
  const paragraphs: Paragraph[] = [];
  let at = 0;
  while (at < lines.length) {
    const rows = takeRows(lines, at);
    const line = lines[at];
    if (rows.length >= MIN_ROWS) {
      paragraphs.push({ kind: 'rows', lines: rows });
      at += rows.length;
      continue;
    }
    at++;
    if (!line) continue;
    const paragraph = paragraphs.at(-1);
    if (paragraph && goesOn(paragraph, line, leading)) paragraph.lines.push(line);
    else paragraphs.push({ kind: BULLET.test(line.text) ? 'item' : 'text', lines: [line] });
  }
  return paragraphs;
}

/** The rows of a table that begin here: several cells in each, begun where others begin. */
function takeRows(lines: readonly Line[], at: number): Line[] {
  const rows: Line[] = [];
  for (let line = lines[at]; line; line = lines[at + rows.length]) {
    const above = rows.at(-1);
    if (line.cells.length < 2 || (above && !alignsWith(above, line))) break;
    rows.push(line);
  }
  return rows;
}

function alignsWith(above: Line, line: Line): boolean {
  if (above.region !== line.region || line.y - above.y > 4 * line.size) return false;
  const shared = line.cells.filter(({ x }) =>
    above.cells.some((cell) => Math.abs(cell.x - x) < line.size),
  );
  return shared.length >= 2;
}

function goesOn(
  { kind, lines }: Paragraph,
  line: Line,
  leading: ReadonlyMap<number, number>,
): boolean {
  const last = lines.at(-1);
  if (!last || lines.length >= MAX_LINES || kind === 'rows' || BULLET.test(line.text)) return false;
  if (Math.abs(last.size - line.size) > last.size * 0.08) return false;
  if (last.region !== line.region) return runsOver(last, line);
  const step = line.y - last.y;
  const usual = leading.get(Math.round(line.size)) ?? line.size * 1.25;
  if (step > Math.max(usual * 1.3, line.size * 1.15)) return false;
  return !startsAnew({ kind, lines }, last, line);
}

/** A sentence that goes on in the next column or on the next page. */
const runsOver = (last: Line, line: Line): boolean =>
  last.font === line.font && !/[.!?:;"”»)]$/.test(last.text) && /^[\p{Ll}(]/u.test(line.text);

function startsAnew({ kind, lines }: Paragraph, last: Line, line: Line): boolean {
  // A heading set in another font, right above its text.
  if (
    last.font !== line.font &&
    (lines.length === 1 || last.w < (last.region.right - last.region.left) * 0.6)
  ) {
    return lines.every(({ font }) => font === last.font) && !/^[\p{Ll}]/u.test(line.text);
  }
  if (/…\s*[\dxvi]+$/.test(last.text)) return true;
  const indent = line.x - line.region.left;
  const lastIndent = last.x - last.region.left;
  if (
    kind !== 'item' &&
    indent > line.size * 0.8 &&
    indent < line.size * 5 &&
    lastIndent < line.size * 0.4
  )
    return true;
  const short = last.x + last.w < last.region.right - (last.region.right - last.region.left) * 0.25;
  return short && /[.!?:]$/.test(last.text);
}
