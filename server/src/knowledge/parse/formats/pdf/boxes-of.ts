import type { PageBox } from '../../parsed-document.ts';
import type { Line } from './page-text.ts';

/** Share of a font's height above the baseline, and below it. */
const ASCENT = 0.85;
const DESCENT = 0.25;

/** One box for each column or page that the lines stand in. */
export function boxesOf(lines: readonly Line[]): PageBox[] {
  const groups: Line[][] = [];
  for (const line of lines) {
    const group = groups.at(-1);
    const first = group?.[0];
    if (group && first?.page === line.page && first.region === line.region) group.push(line);
    else groups.push([line]);
  }
  return groups.map(boxOf);
}

function boxOf(lines: readonly Line[]): PageBox {
  const { page = 1, pageSize = { width: 1, height: 1 } } = lines[0] ?? {};
  const { width, height } = pageSize;
  const left = share(Math.min(...lines.map(({ x }) => x)) / width);
  const right = share(Math.max(...lines.map(({ x, w }) => x + w)) / width);
  const top = share(Math.min(...lines.map(({ y, size }) => y - size * ASCENT)) / height);
  const bottom = share(Math.max(...lines.map(({ y, size }) => y + size * DESCENT)) / height);
  return { page, x: left, y: top, w: round(right - left), h: round(bottom - top) };
}

const share = (value: number): number => round(Math.min(1, Math.max(0, value)));

const round = (value: number): number => Math.round(value * 1e4) / 1e4;
