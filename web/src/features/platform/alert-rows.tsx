import type { Overview } from '../../lib/api/types.ts';
import { formatTime } from '../../lib/format.ts';
import rows from '../../ui/rows.module.css';
import { StateBadge } from '../../ui/state-badge.tsx';

type Alert = Overview['alerts'][number];

function badge({ resolvedAt, severity }: Alert) {
  if (resolvedAt !== null) return <StateBadge tone="good">Ended</StateBadge>;
  return severity === 'critical' ? (
    <StateBadge tone="bad">Critical</StateBadge>
  ) : (
    <StateBadge tone="warn">Warning</StateBadge>
  );
}

/** Open alerts first, then those that have ended. */
export function AlertRows({ alerts }: { alerts: Alert[] }) {
  return (
    <ul className={rows.rows} aria-label="Alerts">
      {alerts.map((alert) => (
        <li key={`${alert.name} ${alert.of} ${alert.since}`} className={rows.row}>
          <span className={rows.title}>{alert.summary}</span>
          {badge(alert)}
          <span className={`${rows.note} ${rows.full}`}>
            {[alert.name, alert.of].filter(Boolean).join(', ')}; since {formatTime(alert.since)}
            {alert.resolvedAt && `, ended ${formatTime(alert.resolvedAt)}`}. What to do:{' '}
            <code>{alert.runbook}</code>
          </span>
        </li>
      ))}
    </ul>
  );
}
