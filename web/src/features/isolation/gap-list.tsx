import { Title } from '@mantine/core';
import type { IsolationReport } from '../../lib/api/types.ts';
import rows from '../../ui/rows.module.css';
import classes from './isolation-page.module.css';

const MOST_SHOWN = 30;

/** Attempts without a rightful twin, and things of the system that nobody attacked. */
export function GapList({ report }: { report: IsolationReport }) {
  const missing = Object.entries(report.coverage).flatMap(([catalog, { missing: names }]) =>
    names.map((name) => ({ title: name, note: `${catalog.replaceAll('_', ' ')}: not attacked` })),
  );
  const unproven = report.not_shown.map(({ attempt, why }) => ({ title: attempt, note: why }));
  const gaps = [...missing, ...unproven].slice(0, MOST_SHOWN);
  if (gaps.length === 0) return null;
  return (
    <section className={classes.part}>
      <Title order={2} size="h4" mb="xs">
        Not shown
      </Title>
      <ul className={rows.rows}>
        {gaps.map(({ title, note }) => (
          <li key={`${title} ${note}`} className={rows.row}>
            <span className={rows.title}>{title}</span>
            <span className={`${rows.note} ${rows.full}`}>{note}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
