import { Title } from '@mantine/core';
import type { IsolationRun } from '../../lib/api/types.ts';
import { formatTime } from '../../lib/format.ts';
import rows from '../../ui/rows.module.css';
import { StateBadge } from '../../ui/state-badge.tsx';
import classes from './isolation-page.module.css';
import { verdictOf } from './words.ts';

/** The tests before the one that is shown. */
export function RunRows({ runs }: { runs: IsolationRun[] }) {
  if (runs.length === 0) return null;
  return (
    <section className={classes.part}>
      <Title order={2} size="h4" mb="xs">
        Earlier tests
      </Title>
      <ul className={rows.rows}>
        {runs.map((run) => {
          const { tone, words } = verdictOf(run);
          return (
            <li key={run.id} className={rows.row}>
              <span className={rows.title}>{formatTime(run.startedAt)}</span>
              <StateBadge tone={tone}>{words}</StateBadge>
              <span className={`${rows.note} ${rows.full}`}>
                Version {run.version}, {run.attempts} attempts
                {run.error === null ? '' : `: ${run.error}`}
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
