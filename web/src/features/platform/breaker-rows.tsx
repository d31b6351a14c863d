import type { PlatformLimits } from '../../lib/api/types.ts';
import { StateBadge } from '../../ui/state-badge.tsx';
import rows from '../../ui/rows.module.css';

type Breaker = PlatformLimits['breakers'][number];

const names: Record<Breaker['part'], string> = {
  database: 'Database',
  'key-service': 'Key service',
  'model-server': 'Model server',
};
const states = {
  closed: { tone: 'good', words: 'Calls pass' },
  half_open: { tone: 'warn', words: 'Trying one call' },
  open: { tone: 'bad', words: 'Refusing calls' },
} as const;

function note({ state, failures, retryAfterSeconds, openedAt }: Breaker): string {
  if (state === 'closed')
    return failures === 0 ? 'No failures' : `${failures} failures in a row; five open it`;
  const since = openedAt === null ? '' : ` since ${sinceOf(openedAt)}`;
  return `Answers 503${since}; tries again in ${retryAfterSeconds ?? 1} s`;
}

/** With the day when it is not today's. */
function sinceOf(openedAt: string): string {
  const at = new Date(openedAt);
  const today = at.toDateString() === new Date().toDateString();
  return today
    ? at.toLocaleTimeString(undefined, { timeStyle: 'medium' })
    : at.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}

/** Whether calls to the parts are let through by the process that answered. */
export function BreakerRows({ breakers }: { breakers: Breaker[] }) {
  return (
    <ul className={rows.rows}>
      {breakers.map((breaker) => (
        <li key={breaker.part} className={rows.row}>
          <span className={rows.title}>{names[breaker.part]}</span>
          <StateBadge tone={states[breaker.state].tone}>{states[breaker.state].words}</StateBadge>
          <span className={`${rows.note} ${rows.full}`}>{note(breaker)}</span>
        </li>
      ))}
    </ul>
  );
}
