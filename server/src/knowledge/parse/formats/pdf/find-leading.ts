import type { Line } from './page-text.ts';

/** The usual step from line to line, in points, for each height of font (rounded). */
export function findLeading(lines: readonly Line[]): Map<number, number> {
  const steps = new Map<number, number[]>();
  lines.forEach((line, i) => {
    const last = lines[i - 1];
    if (last?.region !== line.region || Math.abs(last.size - line.size) > 0.5) return;
    const step = line.y - last.y;
    if (step < line.size * 0.8 || step > line.size * 2.5) return;
    const size = Math.round(line.size);
    const known = steps.get(size);
    if (known) known.push(step);
    else steps.set(size, [step]);
  });
  return new Map([...steps].map(([size, list]) => [size, lowerMedian(list)]));
}

/** A third from the bottom: gaps between paragraphs are steps as well, and always the larger ones. */
const lowerMedian = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 3)] ?? 0;
