import { Button, Modal } from '@mantine/core';
import { IconBuildingFortress, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { reloadMemberships } from '../../lib/session/reload-memberships.ts';
import { announce } from '../../ui/announce.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { RowsSkeleton } from '../../ui/rows-skeleton.tsx';
import { CreateTenantForm } from './create-tenant-form.tsx';
import { tenantsQuery } from './tenants-query.ts';
import { TenantRows } from './tenant-rows.tsx';

/** Every tenant of the appliance: its state, and a way to make another. */
export function TenantsPage() {
  const tenants = useQuery(tenantsQuery());
  const [creating, setCreating] = useState(false);
  const button = (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setCreating(true)}>
      Make a tenant
    </Button>
  );
  return (
    <Page
      title="Tenants"
      lead="Each in a chamber of its own. You see that they are there, not what is in them."
      actions={button}
    >
      {tenants.isPending && <RowsSkeleton label="The tenants are loading" />}
      {tenants.error && (
        <ProblemPanel
          title="The tenants could not be listed"
          error={tenants.error}
          onRetry={() => void tenants.refetch()}
        />
      )}
      {tenants.data?.items.length === 0 && (
        <EmptyState
          icon={<IconBuildingFortress size={26} />}
          title="No tenant yet"
          text="Make one for each department, client or subsidiary that must not see the others."
        >
          {button}
        </EmptyState>
      )}
      {tenants.data && tenants.data.items.length > 0 && <TenantRows tenants={tenants.data.items} />}
      <Modal
        opened={creating}
        onClose={() => setCreating(false)}
        title="Make a tenant"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <CreateTenantForm
          onCreated={(tenant) => {
            setCreating(false);
            announce(`The tenant ${tenant.name} is being built`);
            void reloadMemberships().catch(() => undefined);
          }}
        />
      </Modal>
    </Page>
  );
}
