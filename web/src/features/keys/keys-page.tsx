import { Alert, Button, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconLock, IconSearch } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import rows from '../../ui/rows.module.css';
import { RowsSkeleton } from '../../ui/rows-skeleton.tsx';
import { CiphertextColumns } from './ciphertext-columns.tsx';
import { KeyOwnerRow } from './key-owner-row.tsx';
import { keysQuery } from './keys-query.ts';

const TYPING_MS = 250;

/** The inventory of keys: the platform's own and every tenant's. */
export function KeysPage() {
  const [search, setSearch] = useState('');
  const [settled] = useDebouncedValue(search.trim(), TYPING_MS);
  const keys = useInfiniteQuery(keysQuery(settled));
  const first = keys.data?.pages[0];
  const owners = keys.data?.pages.flatMap((page) => page.owners) ?? [];
  return (
    <Page title="Keys" lead={first && leadOf(first.memory)}>
      {keys.isPending && <RowsSkeleton label="The keys are loading" count={5} />}
      {keys.error && (
        <ProblemPanel
          title="The keys could not be read"
          error={keys.error}
          onRetry={() => void keys.refetch()}
        />
      )}
      {first?.backend.insecure && (
        <Alert color="red" title="INSECURE" mb="md">
          {first.backend.label}: keep no real data here.
        </Alert>
      )}
      {first && (
        <TextInput
          mb="md"
          type="search"
          label="Search"
          placeholder="Part of a tenant's name"
          leftSection={<IconSearch size={16} />}
          maxLength={120}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      )}
      {first && owners.length === 0 && (
        <Text size="sm" c="dimmed" role="status">
          No owner of keys matches
        </Text>
      )}
      {owners.length > 0 && (
        <ul className={rows.rows}>
          {owners.map((owner) => (
            <KeyOwnerRow key={owner.owner} owner={owner} />
          ))}
        </ul>
      )}
      {owners.length === 1 && settled === '' && (
        <EmptyState
          icon={<IconLock size={28} />}
          title="No tenant yet"
          text="Each tenant that you make gets keys of its own."
        />
      )}
      {keys.hasNextPage && (
        <Button
          variant="default"
          mt="md"
          loading={keys.isFetchingNextPage}
          onClick={() => void keys.fetchNextPage()}
        >
          Show more
        </Button>
      )}
      {first && <CiphertextColumns columns={first.columns} />}
    </Page>
  );
}

function leadOf({ seconds, longestSeconds }: { seconds: number; longestSeconds: number }): string {
  const kept =
    seconds === 0
      ? 'with the request'
      : `${seconds} seconds after its last use, ${Math.max(seconds, longestSeconds)} seconds after it was fetched at the latest`;
  return `Each owner's data key lies wrapped by a key of its own in the key service. Unwrapped, it is in memory only, and erased ${kept}.`;
}
