import { z } from 'zod';
import type { Leak, NotShown, Report } from './report.ts';

/** What the host found in one log, from the beginning of the test on; the server reads none itself. */
export const searchedLogSchema = z.strictObject({
  name: z.string().max(200),
  bytes: z.int().min(0),
  /** How many lines hold a canary, in any notation. */
  holds: z.int().min(0),
  /** Whether it names a canary tenant by its id: then it is known to be read, and to be the right one. */
  tells: z.boolean(),
});

export type SearchedLog = z.infer<typeof searchedLogSchema>;

/** Logs that must tell of the test: those of the server, the database and the key service. */
const TELLING = ['server', 'postgresql', 'openbao'] as const;

const twinOf = (component: string): string => `the log of ${component} tells of the canary tenants`;

/** The report with the logs in kind `traces`: an attempt for each, a twin for each that must tell. */
export function addLogs(report: Report, logs: readonly SearchedLog[]): Report {
  const leaks = logs
    .filter(({ holds }) => holds > 0)
    .map(({ name, holds }): Leak => ({
      kind: 'traces',
      attempt: `the log ${name}`,
      what: `${holds} lines hold a canary`,
      bytes: 0,
      rows: holds,
      effects: 0,
    }));
  const silent = TELLING.filter(
    (component) => !logs.some(({ name, tells }) => tells && name.startsWith(component)),
  );
  const notShown = silent.map((component): NotShown => ({
    kind: 'traces',
    attempt: `the log of ${component}`,
    why: `its twin ${twinOf(component)}: none of its logs names them`,
  }));
  const traces = report.by_kind.traces;
  const twins = TELLING.length - silent.length;
  return {
    ...report,
    ok: report.ok && leaks.length === 0 && notShown.length === 0,
    attempts: report.attempts + logs.length,
    twins: report.twins + twins,
    leaks: [...report.leaks, ...leaks],
    rows: report.rows + leaks.reduce((sum, { rows }) => sum + rows, 0),
    not_shown: [...report.not_shown, ...notShown],
    by_kind: {
      ...report.by_kind,
      traces: {
        ...traces,
        attempts: traces.attempts + logs.length,
        twins: traces.twins + twins,
        leaks: traces.leaks + leaks.length,
        not_shown: traces.not_shown + notShown.length,
      },
    },
  };
}
