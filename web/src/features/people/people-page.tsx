import { Button, Modal, TextInput, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconUserPlus, IconUsers } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Person } from '../../lib/api/types.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { HandedLink } from '../../ui/handed-link.tsx';
import { InvitationRows } from '../../ui/invitation-rows.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { RowsSkeleton } from '../../ui/rows-skeleton.tsx';
import { ConfirmAccountChange } from './confirm-account-change.tsx';
import { InvitePersonDialog } from './invite-person-dialog.tsx';
import classes from './people-page.module.css';
import { invitationsQuery, peopleQuery } from './people-query.ts';
import { PersonRows } from './person-rows.tsx';
import { useChangePeople, type AccountVerb } from './use-change-people.ts';

const TYPING_MS = 250;

type Chosen = { person: Person; verb: AccountVerb };
type Handed = { email: string; link: string };

/** Every account of the appliance, and what those who run it may do to each. */
export function PeoplePage() {
  const [search, setSearch] = useState('');
  const [settled] = useDebouncedValue(search.trim(), TYPING_MS);
  const people = useInfiniteQuery(peopleQuery(settled));
  const [inviting, setInviting] = useState(false);
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [handed, setHanded] = useState<Handed | null>(null);
  const found = people.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Page
      title="People"
      lead="Every account of this appliance. What they write and read in a tenant you do not see here."
      actions={
        <Button leftSection={<IconUserPlus size={16} />} onClick={() => setInviting(true)}>
          Invite an administrator
        </Button>
      }
    >
      <TextInput
        className={classes.search ?? ''}
        label="Search"
        placeholder="Name or address"
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      {people.isPending && <RowsSkeleton label="The accounts are loading" />}
      {people.error && (
        <ProblemPanel
          title="The accounts could not be listed"
          error={people.error}
          onRetry={() => void people.refetch()}
        />
      )}
      {people.data && found.length === 0 && (
        <EmptyState
          icon={<IconUsers size={26} />}
          title="Nobody matches"
          text="Look for a part of a name or of an address."
        />
      )}
      {found.length > 0 && (
        <PersonRows people={found} onChoose={(person, verb) => setChosen({ person, verb })} />
      )}
      {people.hasNextPage && (
        <Button
          className={classes.more ?? ''}
          variant="default"
          loading={people.isFetchingNextPage}
          onClick={() => void people.fetchNextPage()}
        >
          Show more
        </Button>
      )}
      <Invitations onLink={setHanded} />
      {inviting && <InvitePersonDialog onClose={() => setInviting(false)} />}
      {chosen && (
        <ConfirmAccountChange
          {...chosen}
          onClose={() => setChosen(null)}
          onLink={(link) => setHanded({ email: chosen.person.email, link })}
        />
      )}
      <Modal
        opened={handed !== null}
        onClose={() => setHanded(null)}
        title="Hand over the link"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {handed && <HandedLink {...handed} onDone={() => setHanded(null)} />}
      </Modal>
    </Page>
  );
}

function Invitations({ onLink }: { onLink: (handed: Handed) => void }) {
  const invitations = useQuery(invitationsQuery);
  const change = useChangePeople();
  const items = invitations.data?.items ?? [];
  if (items.length === 0 && !invitations.error) return null;
  return (
    <section>
      <Title order={2} className={classes.heading ?? ''}>
        Open invitations
      </Title>
      {invitations.error && (
        <ProblemPanel
          title="The invitations could not be listed"
          error={invitations.error}
          onRetry={() => void invitations.refetch()}
        />
      )}
      {change.error && <ProblemPanel title="Nothing was changed" error={change.error} />}
      <InvitationRows
        invitations={items}
        nameOf={({ tenant }) => (tenant === null ? 'to run the platform' : `to ${tenant}`)}
        onChoose={({ id, email }, verb) =>
          change.mutate(
            { verb, invitationId: id },
            { onSuccess: (link) => link !== null && onLink({ email, link }) },
          )
        }
      />
    </section>
  );
}
