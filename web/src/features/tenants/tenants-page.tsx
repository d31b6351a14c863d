import { Button, Modal } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconBuildingFortress, IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { reloadMemberships } from '../../lib/session/reload-memberships.ts';
import { announce } from '../../ui/announce.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { RowsSkeleton } from '../../ui/rows-skeleton.tsx';
import { CreateTenantForm } from './create-tenant-form.tsx';
import { DeletedTenants } from './deleted-tenants.tsx';
import { TenantFilter } from './tenant-filter.tsx';
import { TenantList } from './tenant-list.tsx';
import { tenantsQuery, type TenantFilter as Filter } from './tenants-query.ts';

const EVERYTHING: Filter = { search: '', state: null };
const TYPING_MS = 250;

/** Every tenant of the appliance: its state, what can be done with it, and a way to make another. */
export function TenantsPage() {
  const [filter, setFilter] = useState(EVERYTHING);
  const [settled] = useDebouncedValue(filter, TYPING_MS);
  const tenants = useInfiniteQuery(tenantsQuery({ ...settled, search: settled.search.trim() }));
  const [creating, setCreating] = useState(false);
  const narrowed = settled.search.trim() !== '' || settled.state !== null;
  const total = tenants.data?.pages[0]?.total ?? 0;
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
      {(narrowed || total > 0) && <TenantFilter filter={filter} onChange={setFilter} />}
      {tenants.isPending && <RowsSkeleton label="The tenants are loading" />}
      {tenants.error && (
        <ProblemPanel
          title="The tenants could not be listed"
          error={tenants.error}
          onRetry={() => void tenants.refetch()}
        />
      )}
      {tenants.data && total === 0 && !narrowed && (
        <EmptyState
          icon={<IconBuildingFortress size={26} />}
          title="No tenant yet"
          text="Make one for each department, client or subsidiary that must not see the others."
        >
          {button}
        </EmptyState>
      )}
      {tenants.data && (total > 0 || narrowed) && (
        <TenantList
          tenants={tenants.data.pages.flatMap(({ items }) => items)}
          total={total}
          more={tenants.hasNextPage}
          loading={tenants.isFetchingNextPage}
          onMore={() => void tenants.fetchNextPage()}
        />
      )}
      <DeletedTenants />
      <Modal
        opened={creating}
        onClose={() => setCreating(false)}
        title="Make a tenant"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <CreateTenantForm
          onCreated={(tenant) => {
            setCreating(false);
            announce(
              tenant.tier === 'sealed'
                ? `The tenant ${tenant.name} waits until its holder has made its key shares`
                : `The tenant ${tenant.name} is being built`,
            );
            void reloadMemberships().catch(() => undefined);
          }}
        />
      </Modal>
    </Page>
  );
}
