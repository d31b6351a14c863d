import { Anchor, Group } from '@mantine/core';
import { Link } from 'react-router';
import type { Tenant } from '../../lib/api/types.ts';
import { formatTime } from '../../lib/format.ts';
import { useSession } from '../../lib/session/use-session.ts';
import { StateBadge } from '../../ui/state-badge.tsx';
import rows from '../../ui/rows.module.css';
import { languages } from './languages.ts';
import { TenantMenu, type TenantVerb } from './tenant-menu.tsx';

const states = {
  provisioning: { tone: 'busy', words: 'Being built' },
  active: { tone: 'good', words: 'Active' },
  sealed: { tone: 'warn', words: 'Sealed' },
  failed: { tone: 'bad', words: 'Failed' },
  suspended: { tone: 'warn', words: 'Suspended' },
  dropping: { tone: 'warn', words: 'Being deleted' },
  dropped: { tone: 'warn', words: 'Deleted' },
} as const;
const waiting = { tone: 'warn', words: 'Waits for its holder' } as const;

/** Made, but its holder has not drawn the key shares yet; it is built after that. */
const waitsForHolder = ({ tier, state }: Tenant): boolean =>
  tier === 'sealed' && state === 'provisioning';

/** Where a page waits: of one that holds its own seal the page on which its holders open it. */
const opens = (tenant: Tenant): boolean =>
  tenant.state === 'active' || tenant.state === 'sealed' || waitsForHolder(tenant);

function stateOf(tenant: Tenant): (typeof states)[keyof typeof states] | typeof waiting {
  return waitsForHolder(tenant) ? waiting : states[tenant.state];
}

interface TenantRowsProps {
  tenants: Tenant[];
  onChoose: (tenant: Tenant, verb: TenantVerb) => void;
}

/** The tenants, one a row; those one is a member of can be opened. */
export function TenantRows({ tenants, onChoose }: TenantRowsProps) {
  const mine = new Set(useSession().tenants.map((tenant) => tenant.id));
  return (
    <ul className={rows.rows}>
      {tenants.map((tenant) => (
        <li key={tenant.id} className={rows.row}>
          <span className={rows.title}>
            {mine.has(tenant.id) && opens(tenant) ? (
              <Anchor component={Link} to={`/t/${tenant.id}`} inherit>
                {tenant.name}
              </Anchor>
            ) : (
              tenant.name
            )}
          </span>
          <Group gap="xs" wrap="nowrap">
            <StateBadge tone={stateOf(tenant).tone}>{stateOf(tenant).words}</StateBadge>
            <TenantMenu tenant={tenant} onChoose={(verb) => onChoose(tenant, verb)} />
          </Group>
          <span className={`${rows.note} ${rows.full}`}>
            {languages[tenant.language]}
            {tenant.tier === 'sealed' && ' · holds its own seal'} · made{' '}
            {formatTime(tenant.createdAt)}
            {tenant.error && ` · ${tenant.error}`}
          </span>
        </li>
      ))}
    </ul>
  );
}
