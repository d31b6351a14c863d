import type { Run } from './page-text.ts';

const MIN_RUNS = 12;
const MIN_SIDE_RUNS = 5;
const STEP = 2;
/** Share of the runs that may cross a gutter: titles, figures, headers. */
const MAX_CROSSING = 0.2;
/** Share of a column's width that the middle one of its lines fills. Cells of a table fill less. */
const PROSE_FILL = 0.6;
const PROSE_LENGTH = 15;

/**
 * Finds the white strip between two columns of running text, as an abscissa; undefined for a page
 * in one column, and for a table, whose rows must not be read column by column.
 */
export function findGutter(runs: readonly Run[]): number | undefined {
  if (runs.length < MIN_RUNS) return undefined;
  const left = Math.min(...runs.map(({ x }) => x));
  const width = Math.max(...runs.map(({ x, w }) => x + w)) - left;
  const crossing = countCrossing(runs, left, width);
  const strip = widestStrip(crossing, runs.length * MAX_CROSSING);
  if (!strip) return undefined;
  const gutter = left + ((strip.from + strip.to) / 2) * STEP;
  const sides = [runs.filter(({ x, w }) => x + w <= gutter), runs.filter(({ x }) => x >= gutter)];
  return sides.every(isProse) && overlap(sides) ? gutter : undefined;
}

/** For each step from left to right, how many runs cover it. */
function countCrossing(runs: readonly Run[], left: number, width: number): number[] {
  const changes = new Array<number>(Math.ceil(width / STEP) + 2).fill(0);
  for (const { x, w } of runs) {
    const from = Math.max(0, Math.floor((x - left) / STEP));
    const to = Math.min(changes.length - 1, Math.ceil((x + w - left) / STEP));
    changes[from] = (changes[from] ?? 0) + 1;
    changes[to] = (changes[to] ?? 0) - 1;
  }
  let covered = 0;
  return changes.map((change) => (covered += change));
}

/** The widest run of steps in the middle of the page that the fewest runs cross. */
function widestStrip(
  crossing: readonly number[],
  most: number,
): { from: number; to: number } | undefined {
  const [start, end] = [Math.floor(crossing.length * 0.15), Math.ceil(crossing.length * 0.85)];
  const least = Math.min(...crossing.slice(start, end));
  if (least > most) return undefined;
  let best: { from: number; to: number } | undefined;
  let from = start;
  for (let i = start; i <= end; i++) {
    if (i < end && (crossing[i] ?? 0) <= least) continue;
    if (i > from && (!best || i - from > best.to - best.from)) best = { from, to: i };
    from = i + 1;
  }
  return best && (best.to - best.from) * STEP >= 2 * STEP ? best : undefined;
}

function isProse(side: readonly Run[]): boolean {
  if (side.length < MIN_SIDE_RUNS) return false;
  const width = Math.max(...side.map(({ x, w }) => x + w)) - Math.min(...side.map(({ x }) => x));
  return (
    median(side.map(({ w }) => w)) >= width * PROSE_FILL &&
    median(side.map(({ text }) => text.length)) >= PROSE_LENGTH
  );
}

function overlap([left = [], right = []]: readonly (readonly Run[])[]): boolean {
  const [a, b] = [left, right].map((side) => ({
    top: Math.min(...side.map(({ y }) => y)),
    bottom: Math.max(...side.map(({ y }) => y)),
  }));
  if (!a || !b) return false;
  const shared = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return shared >= 0.4 * Math.min(a.bottom - a.top, b.bottom - b.top);
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
