import { type Paint, plain } from '../terminal/terminal.ts';
import type { DoctorReport } from './examine.ts';

const marks = {
  ok: ['green', '✓'],
  warn: ['yellow', '!'],
  fail: ['red', '✗'],
  unknown: ['yellow', '?'],
} as const;

/** The report for people: one line for each check, the mend below what needs one. */
export function doctorTable({ checks, summary }: DoctorReport, paint: Paint = plain): string {
  const width = Math.max(...checks.map(({ id }) => id.length));
  const lines = checks.flatMap(({ id, status, found, mend }) => {
    const [style, mark] = marks[status];
    const head = `${paint(style, mark)} ${id.padEnd(width)}  ${found}`;
    return mend === null ? [head] : [head, `${' '.repeat(width + 4)}→ ${mend}`];
  });
  const { fail, warn, unknown, ok } = summary;
  const verdict = fail === 0 ? 'All is well' : 'Something is to be mended';
  const rest = [`${ok} in order`, `${warn} to watch`, `${unknown} unknown`, `${fail} failing`];
  return [...lines, '', `${verdict}: ${rest.join(', ')}.`].join('\n');
}
