import { Group, NativeSelect, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import type { Tenant } from '../../lib/api/types.ts';
import type { TenantFilter as Filter } from './tenants-query.ts';

const states = [
  { value: '', label: 'All states' },
  { value: 'active', label: 'Active' },
  { value: 'suspended', label: 'Suspended' },
  { value: 'sealed', label: 'Sealed' },
  { value: 'provisioning', label: 'Being built' },
  { value: 'failed', label: 'Failed' },
  { value: 'dropping', label: 'Being deleted' },
];

interface TenantFilterProps {
  filter: Filter;
  onChange: (filter: Filter) => void;
}

/** Narrows a list of thousands: part of a name, or a state. */
export function TenantFilter({ filter, onChange }: TenantFilterProps) {
  return (
    <Group mb="md" align="end">
      <TextInput
        type="search"
        label="Search"
        placeholder="Part of a name"
        leftSection={<IconSearch size={16} />}
        maxLength={120}
        flex="1 1 14rem"
        value={filter.search}
        onChange={(event) => onChange({ ...filter, search: event.currentTarget.value })}
      />
      <NativeSelect
        label="State"
        data={states}
        value={filter.state ?? ''}
        onChange={(event) => {
          const { value } = event.currentTarget;
          onChange({ ...filter, state: value === '' ? null : (value as Tenant['state']) });
        }}
      />
    </Group>
  );
}
