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

function note({ state, failures, retryAfterSeconds }: Breaker): string {
  if (state === 'closed')
    return failures === 0 ? 'No failures' : `${failures} failures in a row; five open it`;
  return `Answers 503; tries again in ${retryAfterSeconds ?? 1} s`;
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
