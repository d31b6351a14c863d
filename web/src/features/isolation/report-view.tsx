import { Text } from '@mantine/core';
import type { IsolationReport } from '../../lib/api/types.ts';
import { formatNumber, formatTime } from '../../lib/format.ts';
import { GapList } from './gap-list.tsx';
import classes from './isolation-page.module.css';
import { KindRows } from './kind-rows.tsx';
import { LeakList } from './leak-list.tsx';

/** One report: its leaks first, then its figures. */
export function ReportView({ report }: { report: IsolationReport }) {
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
