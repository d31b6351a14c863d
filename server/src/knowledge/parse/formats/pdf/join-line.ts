import type { Line, Region, Run } from './page-text.ts';

const CELL_GAP = 1.3;
const WORD_GAP = 0.12;

/** Joins the runs of one line, from left to right; a wide gap begins another cell. */
export function joinLine(runs: readonly Run[], place: { page: number; region: Region }): Line {
  const widest = runs.reduce((a, b) => (b.text.length > a.text.length ? b : a));
  const cells: { x: number; text: string }[] = [];
  let end = -Infinity;
  for (const run of runs) {
    const gap = run.x - end;
    const cell = cells.at(-1);
    if (!cell || gap > widest.size * CELL_GAP) cells.push({ x: run.x, text: run.text });
    else
      cell.text += gap > run.size * WORD_GAP && !/\s$/.test(cell.text) ? ` ${run.text}` : run.text;
    end = Math.max(end, run.x + run.w);
  }
  for (const cell of cells) cell.text = cell.text.replace(/(?:\s?[.·_]){5,}\s?/g, ' … ').trim();
  const x = Math.min(...runs.map((run) => run.x));
  return {
    ...place,
    pageSize: widest.page,
    cells,
    text: cells.map(({ text }) => text).join(' '),
    x,
    y: widest.y,
    w: end - x,
    size: widest.size,
    font: widest.font,
  };
}
