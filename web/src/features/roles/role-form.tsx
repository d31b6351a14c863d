import { Button, Checkbox, Group, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import { permissionWords } from '../../lib/access/permission-words.ts';
import { toProblem } from '../../lib/api/api-problem.ts';
import type { CustomRole, RoleWish } from '../../lib/api/types.ts';
import { announce } from '../../ui/announce.ts';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { useChangeRoles } from './use-change-roles.ts';

interface RoleFormProps {
  tenantId: string;
  /** Null: a new one. */
  role: CustomRole | null;
  permissions: string[];
  onDone: () => void;
}

/** Name and permissions of a custom role. */
export function RoleForm({ tenantId, role, permissions, onDone }: RoleFormProps) {
  const change = useChangeRoles(tenantId);
  const [name, setName] = useState(role?.name ?? '');
  const [chosen, setChosen] = useState<string[]>(role?.permissions ?? []);
  const field = change.error ? toProblem(change.error).fields['name'] : undefined;
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    const wish = { name: name.trim(), permissions: chosen as RoleWish['permissions'] };
    change.mutate(
      { verb: 'compose', roleId: role?.id ?? null, wish },
      {
        onSuccess: () => {
          announce(role ? `${wish.name} is changed` : `${wish.name} can be given on the page Team`);
          onDone();
        },
      },
    );
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="Name"
          required
          data-autofocus
          maxLength={60}
          value={name}
          error={field}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Checkbox.Group
          label="It lets people"
          description="Looking after people, levels, keys of others and the seal stays with administrators."
          value={chosen}
          onChange={setChosen}
        >
          <Stack gap="xs" mt="xs">
            {permissions.map((permission) => (
              <Checkbox
                key={permission}
                value={permission}
                label={permissionWords(permission)}
                description={permission}
              />
            ))}
          </Stack>
        </Checkbox.Group>
        {change.error && !field && (
          <ProblemPanel title="Nothing was changed" error={change.error} />
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
          <Button type="submit" loading={change.isPending} disabled={chosen.length === 0}>
            {role ? 'Change it' : 'Compose it'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
