import type { PreflightReport } from './run-preflight.ts';

const marks = { ok: '✓', warn: '!', fail: '✗' } as const;

/** The report for people: one line for each check, the mend below what needs one. */
export function preflightTable({ checks, summary }: PreflightReport): string {
  const width = Math.max(...checks.map(({ id }) => id.length));
  const lines = checks.flatMap(({ id, status, found, needed, mend }) => {
    const head = `${marks[status]} ${id.padEnd(width)}  ${found}`;
    const indent = ' '.repeat(width + 4);
    if (status === 'ok') return [head];
    return [head, `${indent}needed: ${needed}`, `${indent}→ ${mend ?? ''}`];
  });
  const faults = `${summary.fail} ${summary.fail === 1 ? 'fault' : 'faults'}`;
  const warnings = `${summary.warn} ${summary.warn === 1 ? 'warning' : 'warnings'}`;
  return [...lines, '', `${faults}, ${warnings}, ${summary.ok} in order`].join('\n');
}
