import { IconUsers } from '@tabler/icons-react';
import type { ScimSetUp } from '../../lib/api/types.ts';
import { formatTime } from '../../lib/format.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import rows from '../../ui/rows.module.css';
import { StateBadge } from '../../ui/state-badge.tsx';

const WORDS = {
  member: { tone: 'good', words: 'In the tenant' },
  invited: { tone: 'busy', words: 'Invited' },
  ended: { tone: 'warn', words: 'Shut out' },
} as const;

/** What the directory said last, and what became of it. */
export function ArrivalRows({ arrivals }: { arrivals: ScimSetUp['arrivals'] }) {
  if (arrivals.length === 0)
    return (
      <EmptyState
        icon={<IconUsers size={26} />}
        title="Nothing came yet"
        text="Put address and token into your directory, and let it send somebody."
      />
    );
  return (
    <ul className={rows.rows} aria-label="What came last">
      {arrivals.map(({ userName, standing, at }) => (
        <li key={userName} className={rows.row}>
          <span className={rows.title}>{userName}</span>
          <StateBadge tone={WORDS[standing].tone}>{WORDS[standing].words}</StateBadge>
          <span className={`${rows.note} ${rows.full}`}>{formatTime(at)}</span>
        </li>
      ))}
    </ul>
  );
}
