import type { ReactNode } from 'react';
import type { Visit } from '../../lib/api/types.ts';
import { formatTime } from '../../lib/format.ts';
import { StateBadge } from '../../ui/state-badge.tsx';
import rows from '../../ui/rows.module.css';
import classes from './visits.module.css';

const PHASES = {
  asked: { tone: 'busy', words: 'Waits for an answer' },
  open: { tone: 'warn', words: 'Open now' },
  over: { tone: 'good', words: 'Over' },
  refused: { tone: 'good', words: 'Refused' },
  lapsed: { tone: 'good', words: 'Nobody answered' },
} as const;

interface VisitRowsProps {
  label: string;
  visits: Visit[];
  titleOf: (visit: Visit) => string;
  actionsOf: (visit: Visit) => ReactNode;
}

/** Visits of the platform with why, for how long, and who said so. */
export function VisitRows({ label, visits, titleOf, actionsOf }: VisitRowsProps) {
  return (
    <ul className={rows.rows} aria-label={label}>
      {visits.map((visit) => (
        <li key={visit.id} className={rows.row}>
          <span className={rows.title}>{titleOf(visit)}</span>
          <StateBadge tone={PHASES[visit.phase].tone}>{PHASES[visit.phase].words}</StateBadge>
          <span className={`${rows.full} ${classes.reason}`}>{visit.reason}</span>
          <span className={`${rows.note} ${rows.full}`}>{datesOf(visit)}</span>
          <span className={`${rows.full} ${classes.actions}`}>{actionsOf(visit)}</span>
        </li>
      ))}
    </ul>
  );
}

/** Who asked when, what came of it, and until when it is open. */
function datesOf(visit: Visit): string {
  const { email, own, requestedAt, minutes, decider, phase, expiresAt, endedAt, ender } = visit;
  const parts = [
    `${own ? '' : `${email} · `}Asked ${formatTime(requestedAt)} for ${minutes} minutes`,
  ];
  if (phase === 'refused') parts.push(`refused by ${decider ?? 'somebody who is gone'}`);
  else if (expiresAt) parts.push(`approved by ${decider ?? 'somebody who is gone'}`);
  if (endedAt) parts.push(`ended ${formatTime(endedAt)} by ${ender ?? 'somebody who is gone'}`);
  else if (expiresAt) parts.push(`${phase === 'open' ? 'ends' : 'ended'} ${formatTime(expiresAt)}`);
  return parts.join(', ');
}
