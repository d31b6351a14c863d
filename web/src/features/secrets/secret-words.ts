import type { Secret } from '../../lib/api/types.ts';
import { formatTime, plural } from '../../lib/format.ts';

type Tone = 'good' | 'busy' | 'warn' | 'bad';

const states: Record<Secret['state'], { tone: Tone; words: string }> = {
  current: { tone: 'good', words: 'Current' },
  due: { tone: 'warn', words: 'Due' },
  overdue: { tone: 'bad', words: 'Overdue' },
  unknown: { tone: 'warn', words: 'Age unknown' },
};

export function isRotating({ last }: Secret): boolean {
  return last?.state === 'queued' || last?.state === 'running';
}

/** How well a secret does, in words and a colour. */
export function stateOf(secret: Secret): { tone: Tone; words: string } {
  if (isRotating(secret)) return { tone: 'busy', words: 'Being rotated' };
  return states[secret.state];
}

/** "12 days old · every 90 days · next on 20 Feb 2027" */
export function datesOf({ ageDays, periodDays, nextAt, count }: Secret): string {
  const parts = [
    count > 1 ? `${String(count)} of them` : null,
    ageDays === null ? null : ageOf(ageDays),
    periodDays === null
      ? 'on request'
      : plural(periodDays, { one: 'every day', other: 'every # days' }),
    nextAt === null ? null : `next on ${formatTime(nextAt).split(',')[0] ?? ''}`,
  ];
  return parts.filter((part) => part !== null).join(' · ');
}

function ageOf(days: number): string {
  if (days === 0) return 'made today';
  return plural(days, { one: '# day old', other: '# days old' });
}

/** How the last rotation ended, if there was one. */
export function lastOf({ last }: Secret): string | null {
  if (!last?.finishedAt) return null;
  const when = formatTime(last.finishedAt);
  if (last.state === 'failed')
    return `The last rotation failed on ${when}; see the log of the provisioner.`;
  return `Rotated on ${when} ${last.reason === 'due' ? 'by itself, on schedule' : 'by request'}.`;
}
