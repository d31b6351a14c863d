import type { Connection } from '../../lib/api/types.ts';
import { formatDay } from '../../lib/format.ts';
import rows from '../../ui/rows.module.css';
import { StateBadge } from '../../ui/state-badge.tsx';
import { endOfCertificates } from './end-of-certificates.ts';

/** Until when a directory's certificates count, and a warning before the last one ends. */
export function CertificateNote({ connection }: { connection: Connection }) {
  const { saml, state: of } = connection;
  if (!saml) return null;
  const { state, until } = endOfCertificates(saml.certificates, new Date());
  const day = until === null ? '' : formatDay(until);
  return (
    <span className={`${rows.note} ${rows.full}`}>
      {state === 'soon' && <StateBadge tone="warn">Certificate ends soon</StateBadge>}
      {state === 'ended' && <StateBadge tone="bad">Certificate has ended</StateBadge>}{' '}
      {state === 'good' && `Its certificates count until ${day}.`}
      {state === 'soon' && `The last one ends on ${day}: add the new one before.`}
      {state === 'ended' && 'Nobody comes in before the new one is added.'}
      {state === 'none' && of === 'draft' && 'Its directory is not described yet.'}
    </span>
  );
}
