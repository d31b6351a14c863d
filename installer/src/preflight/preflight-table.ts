import { type Paint, plain } from '../terminal/terminal.ts';
import type { PreflightReport } from './run-preflight.ts';

const marks = { ok: ['green', '✓'], warn: ['yellow', '!'], fail: ['red', '✗'] } as const;

/** The report for people: one line for each check, need and mend below those that have one. */
export function preflightTable({ checks, summary }: PreflightReport, paint: Paint = plain): string {
  const width = Math.max(...checks.map(({ id }) => id.length));
  const lines = checks.flatMap(({ id, status, found, needed, mend }) => {
    const [style, mark] = marks[status];
    const head = `${paint(style, mark)} ${id.padEnd(width)}  ${found}`;
    const indent = ' '.repeat(width + 4);
    if (status === 'ok') return [head];
    return [head, paint('dim', `${indent}needs ${needed}`), `${indent}→ ${mend ?? ''}`];
  });
  const faults = `${summary.fail} ${summary.fail === 1 ? 'fault' : 'faults'}`;
  const warnings = `${summary.warn} ${summary.warn === 1 ? 'warning' : 'warnings'}`;
  return [...lines, '', `${faults}, ${warnings}, ${summary.ok} in order`].join('\n');
}
