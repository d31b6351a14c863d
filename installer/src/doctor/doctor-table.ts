import { type Paint, plain } from '../terminal/terminal.ts';
import type { DoctorReport } from './examine.ts';
import { canMend, type Mended } from './mends/run-mends.ts';

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
    const indent = ' '.repeat(width + 4);
    if (mend === null) return [head];
    const bySelf = canMend(id) ? [`${indent}→ or let it: \`casemate doctor --mend ${id}\``] : [];
    return [head, `${indent}→ ${mend}`, ...bySelf];
  });
  const { fail, warn, unknown, ok } = summary;
  const verdict = fail === 0 ? 'All is well' : 'Something is to be mended';
  const rest = [`${ok} in order`, `${warn} to watch`, `${unknown} unknown`, `${fail} failing`];
  return [...lines, '', `${verdict}: ${rest.join(', ')}.`].join('\n');
}

const outcomes = {
  done: ['green', '✓'],
  declined: ['dim', '-'],
  failed: ['red', '✗'],
} as const;

/** What `doctor --mend` did, one line for each action. */
export function mendedTable(mended: readonly Mended[], paint: Paint = plain): string {
  if (mended.length === 0) return 'There was nothing that doctor mends by itself.';
  const lines = mended.map(({ what, outcome, why }) => {
    const [style, mark] = outcomes[outcome];
    const end = outcome === 'done' ? '' : `: ${outcome}${why === undefined ? '' : ` (${why})`}`;
    return `${paint(style, mark)} ${what}${end}`;
  });
  return lines.join('\n');
}
