import { Text } from '@mantine/core';
import type { IsolationReport, IsolationRun } from '../../lib/api/types.ts';
import { formatNumber, formatTime } from '../../lib/format.ts';
import { GapList } from './gap-list.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import classes from './isolation-page.module.css';
import { KindRows } from './kind-rows.tsx';
import { LeakList } from './leak-list.tsx';
import { verdictOf } from './words.ts';

/** One report: its leaks first, then its verdict and figures. */
export function ReportView({ run, report }: { run: IsolationRun; report: IsolationReport }) {
  const { tone, words } = verdictOf(run);
  const figures: [string, number][] = [
    ['attempts', report.attempts],
    ['rightful twins', report.twins],
    ['bytes', report.bytes],
    ['rows', report.rows],
    ['side effects', report.effects],
  ];
  return (
    <>
      <LeakList leaks={report.leaks} />
      <p className={classes.verdict}>
        <StateBadge tone={tone}>{words}</StateBadge>
      </p>
      <dl className={classes.figures}>
        {figures.map(([name, value]) => (
          <div key={name} className={classes.figure}>
            <dt>{name}</dt>
            <dd>{formatNumber(value)}</dd>
          </div>
        ))}
      </dl>
      <Text size="sm" c="dimmed">
        Version {report.version}, {formatTime(report.at)}, in {report.seconds} s
        {report.signature ? `, signed by ${report.signature.key.slice(0, 12)}…` : ''}
      </Text>
      <GapList report={report} />
      <KindRows report={report} />
    </>
  );
}
