import { Table } from '@mantine/core';
import type { PlatformLimits } from '../../lib/api/types.ts';

type Limit = PlatformLimits['limits'][number];

function windowOf({ windowSeconds }: Limit): string {
  return windowSeconds === 60 ? 'minute' : `${windowSeconds / 60} minutes`;
}

/** The limits as they are set. */
export function LimitTable({ limits }: { limits: Limit[] }) {
  return (
    <Table.ScrollContainer minWidth={340} tabIndex={0} role="region" aria-label="Limits in force">
      <Table verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Limit</Table.Th>
            <Table.Th>Of each</Table.Th>
            <Table.Th ta="right">Most</Table.Th>
            <Table.Th>In a</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {limits.map((limit) => (
            <Table.Tr key={`${limit.name} ${limit.of}`}>
              <Table.Td>{limit.name}</Table.Td>
              <Table.Td>{limit.of}</Table.Td>
              <Table.Td ta="right">{limit.limit.toLocaleString()}</Table.Td>
              <Table.Td>{windowOf(limit)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
