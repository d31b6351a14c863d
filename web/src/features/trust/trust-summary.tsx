import { Alert } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import type { TrustPage } from '../../lib/api/types.ts';
import { formatNumber, formatTime } from '../../lib/format.ts';
import { statuses, statusWords, type ControlStatus } from './control.ts';
import { EgressNote } from './egress-note.tsx';
import classes from './trust-summary.module.css';

interface TrustSummaryProps {
  page: TrustPage;
  chosen: ControlStatus | null;
  onChoose: (status: ControlStatus | null) => void;
}

/** How many controls pass, fail, are missing; what the test report is worth; the key of evidence. */
export function TrustSummary({ page, chosen, onChoose }: TrustSummaryProps) {
  const { report, keys } = page;
  const [key] = keys;
  return (
    <section aria-label="Summary">
      <ul className={classes.counts}>
        {statuses.map((status) => (
          <li key={status}>
            <button
              type="button"
              className={`${classes.count} ${classes[status]}`}
              aria-pressed={chosen === status}
              onClick={() => onChoose(chosen === status ? null : status)}
            >
              <strong>
                {formatNumber(page.controls.filter((control) => control.status === status).length)}
              </strong>
              <span>{statusWords[status]}</span>
            </button>
          </li>
        ))}
      </ul>
      {!report.fits && (
        <Alert
          className={classes.report ?? ''}
          classNames={{ title: classes.reportTitle ?? '' }}
          color="yellow"
          icon={<IconInfoCircle size={18} />}
          title="There is no test report of this version"
        >
          Controls that tests prove show as missing: {report.reason}.
        </Alert>
      )}
      {report.fits && (
        <p className={classes.note}>
          Signed report of {formatNumber(report.tests)} tests of commit{' '}
          <code>{report.commit?.slice(0, 12)}</code>
          {report.finishedAt && `, ${formatTime(report.finishedAt)}`}.
        </p>
      )}
      <EgressNote page={page} />
      {key && (
        <p className={classes.note}>
          Evidence is signed by the key service with the key <code>{key.id}</code> (SHA-256).
        </p>
      )}
    </section>
  );
}
