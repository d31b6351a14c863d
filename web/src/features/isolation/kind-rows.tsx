import { Title } from '@mantine/core';
import type { IsolationReport } from '../../lib/api/types.ts';
import { plural } from '../../lib/format.ts';
import rows from '../../ui/rows.module.css';
import { StateBadge } from '../../ui/state-badge.tsx';
import classes from './isolation-page.module.css';
import { kindWords } from './words.ts';

type Counts = { attempts: number; twins: number; leaks: number; not_shown: number };

/** The attempts by kind, each with its twins. */
export function KindRows({ report }: { report: IsolationReport }) {
  return (
    <section className={classes.part}>
      <Title order={2} size="h4" mb="xs">
        What was tried
      </Title>
      <ul className={rows.rows}>
        {(Object.entries(report.by_kind) as [string, Counts][]).map(([kind, counts]) => {
          const { attempts, twins, leaks, not_shown: notShown } = counts;
          const left = report.skipped.some((one) => one === kind);
          return (
            <li key={kind} className={rows.row}>
              <span className={rows.title}>{kindWords[kind] ?? kind}</span>
              {left && <StateBadge tone="warn">Left out</StateBadge>}
              {!left && leaks > 0 && <StateBadge tone="bad">Leaked</StateBadge>}
              {!left && leaks === 0 && notShown > 0 && (
                <StateBadge tone="warn">Not shown</StateBadge>
              )}
              {!left && leaks + notShown === 0 && <StateBadge tone="good">Refused</StateBadge>}
              <span className={`${rows.note} ${rows.full}`}>
                {plural(attempts, { one: '# attempt', other: '# attempts' })},{' '}
                {plural(twins, { one: '# rightful twin', other: '# rightful twins' })} that
                succeeded
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
