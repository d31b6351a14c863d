import type { ReactNode } from 'react';
import { StateBadge } from '../../ui/state-badge.tsx';
import rows from '../../ui/rows.module.css';
import classes from './guards.module.css';

interface GuardRow {
  key: string;
  title: ReactNode;
  notes: string[];
  badge: string;
  fault: string | null;
}

/** Doors with who may pass; one at fault says so in words, and stands out. */
export function GuardRows({ label, items }: { label: string; items: GuardRow[] }) {
  return (
    <ul className={rows.rows} aria-label={label}>
      {items.map(({ key, title, notes, badge, fault }) => (
        <li key={key} className={`${rows.row} ${fault ? classes.faulty : ''}`}>
          <code className={classes.name}>{title}</code>
          <StateBadge tone={fault ? 'bad' : 'good'}>{fault ? 'At fault' : badge}</StateBadge>
          {fault && <p className={`${classes.fault} ${rows.full}`}>{fault}</p>}
          {notes.map((note) => (
            <span key={note} className={`${rows.note} ${rows.full}`}>
              {note}
            </span>
          ))}
        </li>
      ))}
    </ul>
  );
}
