import type { PDFPageProxy } from 'pdfjs-dist';
import type { PageSize, Run } from './page-text.ts';

type TextItem = Extract<
  Awaited<ReturnType<PDFPageProxy['getTextContent']>>['items'][number],
  { str: string }
>;

/** Gap, in heights of the font, from which text is another cell or column. */
const CELL_GAP = 1.3;
const WORD_GAP = 0.15;

/** Reads the text of a page in the order it was drawn, pieces of one line put together. */
export async function readRuns(page: PDFPageProxy): Promise<Run[]> {
  const { width, height, transform } = page.getViewport({ scale: 1 });
  const { items } = await page.getTextContent();
  const runs: Run[] = [];
  let space = false;
  for (const item of items) {
    if (!('str' in item) || item.str === '') continue;
    if (item.str.trim() === '') {
      space = true;
      continue;
    }
    const run = placeItem(item, transform, { width, height });
    if (runs.slice(-4).some((earlier) => covers(earlier, run))) continue;
    const last = runs.at(-1);
    if (last && continues(last, run)) append(last, run, space);
    else runs.push(run);
    space = false;
  }
  return runs;
}

/** Where an item stands on the page as shown: rotation and the flipped axis are undone. */
function placeItem(item: TextItem, view: readonly number[], page: PageSize): Run {
  const [va = 1, vb = 0, vc = 0, vd = 1, ve = 0, vf = 0] = view;
  const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = item.transform as number[];
  const right = { x: va * a + vc * b, y: vb * a + vd * b };
  const up = { x: va * c + vc * d, y: vb * c + vd * d };
  return {
    text: item.str,
    x: va * e + vc * f + ve,
    y: vb * e + vd * f + vf,
    w: item.width,
    size: Math.hypot(up.x, up.y),
    font: item.fontName,
    upright: right.x > 0 && Math.abs(right.y) < right.x * 0.1,
    page,
  };
}

/** Text drawn twice, a hair apart, to look bold. */
const covers = (earlier: Run, run: Run): boolean =>
  earlier.text === run.text &&
  Math.abs(earlier.x - run.x) < run.size * 0.3 &&
  Math.abs(earlier.y - run.y) < run.size * 0.3;

function continues(last: Run, run: Run): boolean {
  const gap = run.x - (last.x + last.w);
  return (
    last.upright &&
    run.upright &&
    last.font === run.font &&
    Math.abs(last.size - run.size) < last.size * 0.05 &&
    Math.abs(last.y - run.y) < last.size * 0.2 &&
    gap > -last.size * 0.5 &&
    gap < last.size * CELL_GAP
  );
}

function append(last: Run, run: Run, space: boolean): void {
  const gap = run.x - (last.x + last.w);
  const parted = space || (gap > last.size * WORD_GAP && !last.text.endsWith(' '));
  last.text += parted ? ` ${run.text}` : run.text;
  last.w = run.x + run.w - last.x;
}
