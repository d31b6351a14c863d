import { formatTable, type Paint } from '../terminal/terminal.ts';

type Counts = {
  attempts: number;
  twins: number;
  leaks: number;
  not_shown: number;
  seconds: number;
};
type Covered = { covered: number; of: number; missing: readonly string[] };

/** As the server's `isolation` command tells it. */
export type IsolationReport = {
  ok: boolean;
  version: string;
  at: string;
  seconds: number;
  attempts: number;
  twins: number;
  leaks: readonly { kind: string; attempt: string; what: string }[];
  bytes: number;
  rows: number;
  effects: number;
  not_shown: readonly { kind: string; attempt: string; why: string }[];
  coverage: Readonly<Record<string, Covered>>;
  by_kind: Readonly<Record<string, Counts>>;
  skipped: readonly string[];
};

const MOST_SHOWN = 20;

/** The report of an isolation test, for a person: what leaked comes first. */
export function isolationTable(report: IsolationReport, paint: Paint): string {
  const { leaks, not_shown: notShown } = report;
  const loud = leaks
    .slice(0, MOST_SHOWN)
    .map(({ kind, attempt, what }) => paint('red', `  LEAK  ${kind}: ${attempt}: ${what}`));
  const empty = notShown
    .slice(0, MOST_SHOWN)
    .map(({ kind, attempt, why }) => paint('yellow', `  NOT SHOWN  ${kind}: ${attempt}: ${why}`));
  const gaps = Object.entries(report.coverage).flatMap(([catalog, { missing }]) =>
    missing.map((name) => paint('yellow', `  NOT COVERED  ${catalog}: ${name}`)),
  );
  return [
    ...loud,
    ...more(leaks.length),
    ...empty,
    ...more(notShown.length),
    ...gaps,
    kindTable(report),
    '',
    coverageTable(report),
    '',
    verdict(report, paint),
  ].join('\n');
}

function more(count: number): string[] {
  return count > MOST_SHOWN ? [`  … and ${count - MOST_SHOWN} more; --json has them`] : [];
}

function kindTable({ by_kind: kinds }: IsolationReport): string {
  const rows = Object.entries(kinds).map(([kind, counts]) => [
    kind,
    String(counts.attempts),
    String(counts.twins),
    String(counts.leaks),
    String(counts.not_shown),
    counts.seconds.toFixed(1),
  ]);
  return formatTable([['KIND', 'ATTEMPTS', 'TWINS', 'LEAKS', 'NOT SHOWN', 'SECONDS'], ...rows]);
}

function coverageTable({ coverage }: IsolationReport): string {
  const rows = Object.entries(coverage).map(([catalog, { covered, of }]) => [
    catalog.replaceAll('_', ' '),
    `${covered} of ${of}`,
  ]);
  return formatTable([['CATALOG', 'COVERED'], ...rows]);
}

function verdict(report: IsolationReport, paint: Paint): string {
  const { attempts, twins, bytes, rows, effects, seconds, skipped } = report;
  const said = `${attempts} attempts, ${twins} twins: ${bytes} bytes, ${rows} rows, ${effects} side effects, in ${seconds} s (${report.version}, ${report.at})`;
  const left = skipped.length > 0 ? `\n  Left out on purpose: ${skipped.join(', ')}` : '';
  return report.ok
    ? `  ${paint('green', 'Nothing leaked.')} ${said}${left}`
    : `  ${paint('red', 'Not isolated, or not shown.')} ${said}${left}`;
}
