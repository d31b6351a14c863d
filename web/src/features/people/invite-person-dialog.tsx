import { Button, Group, Modal, Select, Stack, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import { toProblem } from '../../lib/api/api-problem.ts';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';
import { announce } from '../../ui/announce.ts';
import { HandedLink } from '../../ui/handed-link.tsx';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { useChangePeople } from './use-change-people.ts';

const PLATFORM = 'platform';

/** Invites an administrator: of the platform, or of a tenant that has none yet. */
export function InvitePersonDialog({ onClose }: { onClose: () => void }) {
  const change = useChangePeople();
  const [email, setEmail] = useState('');
  const [place, setPlace] = useState(PLATFORM);
  const [search, setSearch] = useState('');
  const tenants = useQuery({
    queryKey: ['people-tenants', search],
    queryFn: () => unwrap(api.GET('/api/tenants', { params: { query: { search, limit: 50 } } })),
  });
  const options = [
    { value: PLATFORM, label: 'The platform' },
    ...(tenants.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name })),
  ];
  const field = change.error ? toProblem(change.error).fields['email'] : undefined;
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    const tenantId = place === PLATFORM ? null : place;
    const onSuccess = (link: string | null): void => {
      if (link !== null) return;
      announce(`${email.trim()} is invited`);
      onClose();
    };
    change.mutate({ verb: 'invite', email: email.trim(), tenantId }, { onSuccess });
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title="Invite an administrator"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {change.data ? (
        <HandedLink link={change.data} email={email.trim()} onDone={onClose} />
      ) : (
        <form onSubmit={submit}>
          <Stack>
            <TextInput
              label="E-mail address"
              type="email"
              required
              data-autofocus
              autoComplete="off"
              maxLength={254}
              value={email}
              error={field}
              onChange={(event) => setEmail(event.currentTarget.value)}
            />
            <Select
              label="To look after"
              data={options}
              value={place}
              searchable
              allowDeselect={false}
              searchValue={search}
              onSearchChange={setSearch}
              onChange={(value) => setPlace(value ?? PLATFORM)}
            />
            {change.error && !field && (
              <ProblemPanel title="Nobody was invited" error={change.error} />
            )}
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
              <Button type="submit" loading={change.isPending}>
                Invite
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
