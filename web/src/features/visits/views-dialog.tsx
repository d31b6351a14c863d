import { Button, Modal, Table } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { Visit } from '../../lib/api/types.ts';
import { formatTime } from '../../lib/format.ts';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { RowsSkeleton } from '../../ui/rows-skeleton.tsx';
import { viewsQuery } from './visits-queries.ts';
import classes from './visits.module.css';

/** Everything that was looked at in a visit, the latest first. */
export function ViewsDialog({ visit, onClose }: { visit: Visit; onClose: () => void }) {
  const views = useInfiniteQuery(viewsQuery(visit.tenantId, visit.id));
  const rows = views.data?.pages.flatMap((page) => page.views);
  return (
    <Modal
      opened
      size="xl"
      onClose={onClose}
      title={`What ${visit.visitor} looked at`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {views.isPending && <RowsSkeleton label="What was looked at is loading" />}
      {views.error && (
        <ProblemPanel
          title="It could not be read"
          error={views.error}
          onRetry={() => void views.refetch()}
        />
      )}
      {rows?.length === 0 && <p>Nothing was looked at.</p>}
      {rows && rows.length > 0 && (
        <Table className={classes.views ?? ''}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>When</Table.Th>
              <Table.Th>What</Table.Th>
              <Table.Th>Asked for</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(({ id, at, route, subject }) => (
              <Table.Tr key={id}>
                <Table.Td>{formatTime(at)}</Table.Td>
                <Table.Td>{route.replace('/api/tenants/:tenantId', '')}</Table.Td>
                <Table.Td>{subject}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {views.hasNextPage && (
        <Button
          variant="subtle"
          loading={views.isFetchingNextPage}
          onClick={() => void views.fetchNextPage()}
        >
          Show earlier ones
        </Button>
      )}
    </Modal>
  );
}
