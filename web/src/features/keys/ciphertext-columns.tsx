import { Text, Title } from '@mantine/core';
import type { KeyInventory } from '../../lib/api/types.ts';

type Column = KeyInventory['columns'][number];

/** Plainly which columns are ciphertext in which tier; what is not named here is not. */
export function CiphertextColumns({ columns }: { columns: Column[] }) {
  return (
    <section>
      <Title order={2} size="h4" mt="xl" mb="xs">
        What is encrypted field by field
      </Title>
      <Text size="sm">
        In every tenant: <Names columns={columns.filter(({ tier }) => tier === 'all')} />.
      </Text>
      <Text size="sm" mt={4}>
        Only where the tenant holds its own seal:{' '}
        <Names columns={columns.filter(({ tier }) => tier === 'sealed')} />.
      </Text>
      <Text size="sm" c="dimmed" mt={4}>
        Everything else, such as passages, vectors and document names of tenants without a seal of
        their own, is protected by roles, row security and the encryption of the disk, not by these
        keys.
      </Text>
    </section>
  );
}

function Names({ columns }: { columns: Column[] }) {
  if (columns.length === 0) return <>nothing more</>;
  return <>{columns.map(({ table, column }) => `${table}.${column}`).join(', ')}</>;
}
