import { Button, Group, NativeSelect, Select, Stack, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import { toProblem } from '../../lib/api/api-problem.ts';
import { announce } from '../../ui/announce.ts';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { useChangeVisits } from './use-change-visits.ts';
import { visitedTenantsQuery } from './visits-queries.ts';

const LENGTHS = [
  { value: '30', label: 'Half an hour' },
  { value: '60', label: 'An hour' },
  { value: '120', label: 'Two hours' },
  { value: '240', label: 'Four hours, the longest' },
];

/** Tenant, reason and length of a visit. */
export function AskForm({ onDone }: { onDone: () => void }) {
  const [search, setSearch] = useState('');
  const tenants = useQuery(visitedTenantsQuery(search));
  const change = useChangeVisits(null);
  const [tenantId, setTenantId] = useState<string | null>(null);
  const [reason, setReason] = useState('');
  const [minutes, setMinutes] = useState('60');
  const fields = change.error ? toProblem(change.error).fields : {};
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (tenantId === null) return;
    change.mutate(
      { verb: 'ask', tenantId, reason: reason.trim(), minutes: Number(minutes) },
      {
        onSuccess: () => {
          announce('The administrators of the tenant see your request');
          onDone();
        },
      },
    );
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Select
          label="Tenant"
          required
          searchable
          data-autofocus
          nothingFoundMessage="No tenant of this name"
          data={(tenants.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          value={tenantId}
          onChange={setTenantId}
          onSearchChange={setSearch}
        />
        <Textarea
          label="Reason"
          description="Its administrators read it, and it stays in the audit log. At least ten letters."
          required
          autosize
          minRows={2}
          minLength={10}
          maxLength={500}
          value={reason}
          error={fields['reason']}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <NativeSelect
          label="For"
          data={LENGTHS}
          value={minutes}
          onChange={(event) => setMinutes(event.currentTarget.value)}
        />
        {change.error && !fields['reason'] && (
          <ProblemPanel title="Nothing was asked for" error={change.error} />
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
          <Button type="submit" loading={change.isPending} disabled={tenantId === null}>
            Ask
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
