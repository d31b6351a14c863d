import { Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import type { Tenant } from '../../lib/api/types.ts';
import { ConfirmTenantChange } from './confirm-tenant-change.tsx';
import type { TenantVerb } from './tenant-menu.tsx';
import { TenantNameDialog } from './tenant-name-dialog.tsx';
import { TenantRows } from './tenant-rows.tsx';

interface TenantListProps {
  tenants: Tenant[];
  total: number;
  more: boolean;
  loading: boolean;
  onMore: () => void;
}

/** The rows that were fetched so far, how many there are, and the dialog of what was chosen. */
export function TenantList({ tenants, total, more, loading, onMore }: TenantListProps) {
  const [chosen, setChosen] = useState<{ tenant: Tenant; verb: TenantVerb } | null>(null);
  const close = (): void => setChosen(null);
  return (
    <>
      {tenants.length > 0 && (
        <TenantRows tenants={tenants} onChoose={(tenant, verb) => setChosen({ tenant, verb })} />
      )}
      <Group justify="space-between" mt="md">
        <Text size="sm" c="dimmed" role="status">
          {tenants.length === 0
            ? 'No tenant matches'
            : `${tenants.length.toLocaleString('en')} of ${total.toLocaleString('en')} tenants`}
        </Text>
        {more && (
          <Button variant="default" loading={loading} onClick={onMore}>
            Show more
          </Button>
        )}
      </Group>
      {chosen && (chosen.verb === 'rename' || chosen.verb === 'delete') && (
        <TenantNameDialog tenant={chosen.tenant} verb={chosen.verb} onClose={close} />
      )}
      {chosen && chosen.verb !== 'rename' && chosen.verb !== 'delete' && (
        <ConfirmTenantChange tenant={chosen.tenant} verb={chosen.verb} onClose={close} />
      )}
    </>
  );
}
