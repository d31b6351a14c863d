import { Progress } from '@mantine/core';
import type { DocumentList } from '../../lib/api/types.ts';
import { formatBytes, plural } from '../../lib/format.ts';
import classes from './quota-bar.module.css';

/** How much of the tenant's storage is used. */
export function QuotaBar({ usage }: { usage: DocumentList['usage'] }) {
  const part = usage.quotaBytes > 0 ? Math.min(1, usage.bytes / usage.quotaBytes) : 0;
  const words = `${formatBytes(usage.bytes)} of ${formatBytes(usage.quotaBytes)} used`;
  return (
    <div className={classes.quota}>
      <span>
        {plural(usage.documents, { one: '# document', other: '# documents' })} · {words}
      </span>
      <Progress
        value={part * 100}
        size="sm"
        color={part > 0.9 ? 'red.7' : 'petrol'}
        aria-label={`Storage: ${words}`}
      />
    </div>
  );
}
