import { Alert } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import type { TrustPage } from '../../lib/api/types.ts';
import { formatNumber, formatTime } from '../../lib/format.ts';
import classes from './trust-summary.module.css';

/** What was last counted on its way out of this appliance, and whether the counting saw its canaries. */
export function EgressNote({ page }: { page: TrustPage }) {
  const { egress, egressFault } = page;
  if (egressFault !== null)
    return (
      <Alert
        className={classes.report ?? ''}
        classNames={{ title: classes.reportTitle ?? '' }}
        color="red"
        icon={<IconInfoCircle size={18} />}
        title="The egress report must not be believed"
      >
        {egressFault}
      </Alert>
    );
  if (!egress)
    return (
      <p className={classes.note}>
        What leaves this appliance was not counted yet: <code>casemate egress verify</code> does it.
      </p>
    );
  const { packets, names, canaries, seconds, at } = egress;
  const counted = `${formatNumber(packets)} packets and ${formatNumber(names)} names outside the allowlist in ${formatNumber(seconds)} s`;
  if (egress.ok)
    return (
      <p className={classes.note}>
        Nothing left this appliance: {counted}, {formatNumber(canaries.length)} canaries caught,{' '}
        {formatTime(at)}.
      </p>
    );
  const leaving = [
    ...egress.destinations.map(({ account, to }) => `${account} → ${to}`),
    ...egress.asked.map(({ account, name }) => `${account} asked for ${name}`),
  ];
  return (
    <Alert
      className={classes.report ?? ''}
      classNames={{ title: classes.reportTitle ?? '' }}
      color={egress.valid ? 'red' : 'yellow'}
      icon={<IconInfoCircle size={18} />}
      title={egress.valid ? 'Something left this appliance' : 'The last count proves nothing'}
    >
      {egress.valid
        ? `${counted}, ${formatTime(at)}: ${leaving.slice(0, 5).join('; ')}.`
        : `A canary got out unseen, ${formatTime(at)}.`}
    </Alert>
  );
}
