import { Button } from '@mantine/core';
import { IconDeviceMobile } from '@tabler/icons-react';
import type { OwnFactor } from '../../lib/api/types.ts';
import { formatTime } from '../../lib/format.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import rows from '../../ui/rows.module.css';

const kinds: Record<OwnFactor['kind'], string> = {
  totp: 'Authenticator app',
  passkey: 'Passkey',
  phone: 'Phone',
};

interface FactorRowsProps {
  factors: OwnFactor[];
  onRemove: (factor: OwnFactor) => void;
}

/** Every factor: what it is, since when, and when it was last shown. */
export function FactorRows({ factors, onRemove }: FactorRowsProps) {
  if (factors.length === 0)
    return (
      <EmptyState
        icon={<IconDeviceMobile size={26} />}
        title="No second factor yet"
        text="An authenticator app on your phone, or a passkey of this device."
      />
    );
  return (
    <ul className={rows.rows} aria-label="Second factors">
      {factors.map((factor) => (
        <li key={factor.id} className={rows.row}>
          <span className={rows.title}>{factor.name}</span>
          <Button
            variant="default"
            size="compact-sm"
            aria-label={`Remove ${factor.name}`}
            onClick={() => onRemove(factor)}
          >
            Remove
          </Button>
          <span className={`${rows.note} ${rows.full}`}>
            {kinds[factor.kind]}, since {formatTime(factor.createdAt)}
            {factor.lastUsedAt ? `, last shown ${formatTime(factor.lastUsedAt)}` : ''}
          </span>
        </li>
      ))}
    </ul>
  );
}
