import { findGutter } from './find-gutter.ts';
import { joinLine } from './join-line.ts';
import type { Line, Run } from './page-text.ts';

const MAX_COLUMNS_DEEP = 2;

/**
 * The lines of a page in reading order: column by column between the bands that cross the page,
 * and last whatever is not written upright.
 */
export function orderLines(runs: readonly Run[], page: number): Line[] {
  const upright = runs.filter((run) => run.upright);
  const turned = runs.filter((run) => !run.upright);
  return [
    ...orderRegion(upright, 0).flatMap((region) => linesOf(region, page)),
    ...turned.flatMap((run) => linesOf([run], page)),
  ];
}

function orderRegion(runs: readonly Run[], depth: number): Run[][] {
  const gutter = depth < MAX_COLUMNS_DEEP ? findGutter(runs) : undefined;
  if (gutter === undefined) return [[...runs]];
  const regions: Run[][] = [];
  let [left, right, across]: [Run[], Run[], Run[]] = [[], [], []];
  const flushColumns = (): void => {
    if (left.length > 0) regions.push(...orderRegion(left, depth + 1));
    if (right.length > 0) regions.push(...orderRegion(right, depth + 1));
    [left, right] = [[], []];
  };
  for (const run of runs.toSorted((a, b) => a.y - b.y)) {
    const crosses = run.x < gutter && run.x + run.w > gutter;
    if (crosses) {
      flushColumns();
      across.push(run);
      continue;
    }
    if (across.length > 0) regions.push(across);
    across = [];
    (run.x < gutter ? left : right).push(run);
  }
  flushColumns();
  if (across.length > 0) regions.push(across);
  return regions;
}

/** Puts runs on (nearly) the same baseline on one line, from left to right. */
function linesOf(runs: readonly Run[], page: number): Line[] {
  const region = {
    left: Math.min(...runs.map(({ x }) => x)),
    right: Math.max(...runs.map(({ x, w }) => x + w)),
  };
  const lines: Run[][] = [];
  for (const run of runs.toSorted((a, b) => a.y - b.y)) {
    const line = lines.at(-1);
    const first = line?.[0];
    if (line && first && run.y - first.y < 0.4 * Math.max(first.size, run.size)) line.push(run);
    else lines.push([run]);
  }
  return lines.map((line) =>
    joinLine(
      line.toSorted((a, b) => a.x - b.x),
      { page, region },
    ),
  );
}
