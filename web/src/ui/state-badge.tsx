import type { ReactNode } from 'react';
import classes from './state-badge.module.css';

/** A state in words, coloured by how well things are; the words alone say it all. */
export function StateBadge({
  tone,
  children,
}: {
  tone: 'good' | 'busy' | 'warn' | 'bad';
  children: ReactNode;
}) {
  return <span className={`${classes.badge} ${classes[tone]}`}>{children}</span>;
}
