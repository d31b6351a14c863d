import { Title } from '@mantine/core';
import { IconAlertOctagon } from '@tabler/icons-react';
import type { IsolationReport } from '../../lib/api/types.ts';
import { plural } from '../../lib/format.ts';
import classes from './isolation-page.module.css';

const MOST_SHOWN = 50;

/** What one tenant could get of the other: nothing on this page is louder. */
export function LeakList({ leaks }: { leaks: IsolationReport['leaks'] }) {
  if (leaks.length === 0) return null;
  return (
    <section className={classes.leaks} role="alert">
      <IconAlertOctagon size={28} aria-hidden="true" />
      <div className={classes.leakBody}>
        <Title order={2} size="h3">
          {plural(leaks.length, { one: '# leak', other: '# leaks' })}: one tenant reached the other
        </Title>
        <p>Stop the service for tenants until this is mended, and report it to the maker.</p>
        <ul>
          {leaks.slice(0, MOST_SHOWN).map(({ attempt, kind, what }) => (
            <li key={`${kind} ${attempt} ${what}`}>
              <strong>{attempt}</strong>: {what}
            </li>
          ))}
        </ul>
        {leaks.length > MOST_SHOWN && <p>The report of the command has the others.</p>}
      </div>
    </section>
  );
}
