import type { Line } from './page-text.ts';

/** Share of the page's height, at its top and at its foot, where headers and footers stand. */
const MARGIN = 0.1;
const MIN_PAGES = 3;
const PAGE_NUMBER =
  /^[-–—|\s]*(?:(?:page|seite|side|página|pagina|p|s)\.?\s*)?#(?:\s*(?:of|von|av|af|de|sur|\/|\|)\s*#)?[-–—|\s]*$/;

/**
 * Drops what repeats at the top or foot of the pages: all page numbers, and of a running title all
 * but its first, which may say what nothing else in the document says.
 */
export function dropRunningLines(lines: readonly Line[], pages: number): Line[] {
  const bodySize = findBodySize(lines);
  const keys = lines.map((line) => keyOf(line, bodySize));
  const counts = new Map<string, number>();
  const inside = new Set<string>();
  keys.forEach((key, i) => {
    if (key === undefined) inside.add(normalise(lines[i]?.text ?? ''));
    else counts.set(key, (counts.get(key) ?? 0) + 1);
  });
  const kept = new Set<string>();
  return lines.filter((line, i) => {
    const key = keys[i];
    if (key === undefined) return true;
    const text = normalise(line.text);
    if (pages > 1 && PAGE_NUMBER.test(text)) return false;
    if ((counts.get(key) ?? 0) < MIN_PAGES) return true;
    const first = !kept.has(key) && !inside.has(text);
    kept.add(key);
    return first;
  });
}

/**
 * Equal for the same line, apart from numbers, at the same height; undefined inside the page, and
 * for a line larger than the text: chapters that begin on a new page have numbers too.
 */
function keyOf(line: Line, bodySize: number): string | undefined {
  const height = line.y / line.pageSize.height;
  if (height > MARGIN && height < 1 - MARGIN) return undefined;
  if (line.size > bodySize * 1.1) return undefined;
  return `${Math.round(height * 100)} ${normalise(line.text)}`;
}

const findBodySize = (lines: readonly Line[]): number =>
  lines.map(({ size }) => size).sort((a, b) => a - b)[Math.floor(lines.length / 2)] ?? 0;

const normalise = (text: string): string => text.toLowerCase().replace(/\d+/g, '#').trim();
