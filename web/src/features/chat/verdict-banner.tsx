import { IconAlertCircle, IconCircleCheck, IconFileUnknown } from '@tabler/icons-react';
import type { Verdict } from '../../lib/api/types.ts';
import { verdicts } from './verdict.ts';
import classes from './verdict-banner.module.css';

const icons = { good: IconCircleCheck, warn: IconAlertCircle, quiet: IconFileUnknown } as const;

/** Says above an answer how far the documents support it. */
export function VerdictBanner({ verdict }: { verdict: Verdict }) {
  const { tone, title, text } = verdicts[verdict];
  const Icon = icons[tone];
  return (
    <div className={`${classes.banner} ${classes[tone]}`} data-verdict={verdict}>
      <Icon size={18} aria-hidden="true" />
      <div>
        <strong>{title}.</strong> <span>{text}</span>
      </div>
    </div>
  );
}
