import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';
import { announce } from '../../ui/announce.ts';
import { InviteForm } from '../../ui/invite-form.tsx';
import { useChangePeople } from './use-change-people.ts';

const PLATFORM = { value: 'platform', label: 'The platform' };

/** Invites an administrator: of the platform, or of a tenant that has none yet. */
export function InvitePersonDialog({ onClose }: { onClose: () => void }) {
  const change = useChangePeople();
  const [place, setPlace] = useState(PLATFORM.value);
  const [search, setSearch] = useState('');
  // What is chosen stands in the field as well, and is no search.
  const wanted = search === PLATFORM.label ? '' : search;
  const tenants = useQuery({
    queryKey: ['people-tenants', wanted],
    queryFn: () =>
      unwrap(api.GET('/api/tenants', { params: { query: { search: wanted, limit: 50 } } })),
  });
  const options = [
    PLATFORM,
    ...(tenants.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name })),
  ];
  const invite = (email: string): void =>
    change.mutate(
      { verb: 'invite', email, tenantId: place === PLATFORM.value ? null : place },
      {
        onSuccess: (link) => {
          if (link !== null) return;
          announce(`${email} is invited`);
          onClose();
        },
      },
    );
  return (
    <InviteForm
      title="Invite an administrator"
      busy={change.isPending}
      error={change.error}
      link={change.data}
      onInvite={invite}
      onClose={onClose}
    >
      <Select
        label="To look after"
        data={options}
        value={place}
        searchable
        allowDeselect={false}
        searchValue={search}
        onSearchChange={setSearch}
        onChange={(value) => setPlace(value ?? PLATFORM.value)}
      />
    </InviteForm>
  );
}
