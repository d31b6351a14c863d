import { Checkbox, NativeSelect, NumberInput, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { customRolesQuery } from '../../lib/access/access-queries.ts';
import { permissionWords } from '../../lib/access/permission-words.ts';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { GIVEN_ROLES } from './group-words.ts';
import type { Given, Role } from './use-change-groups.ts';

interface GivenFieldsProps {
  tenantId: string;
  given: Given;
  onChange: (given: Given) => void;
}

/** Role, access level and custom roles that a group gives to each of its members. */
export function GivenFields({ tenantId, given, onChange }: GivenFieldsProps) {
  const roles = useQuery(customRolesQuery(tenantId));
  const { role, level, customRoles } = given;
  return (
    <Stack>
      <NativeSelect
        label="Role"
        data={[...GIVEN_ROLES]}
        value={role ?? ''}
        onChange={({ currentTarget: { value } }) =>
          onChange({ ...given, role: value === '' ? null : (value as Role) })
        }
      />
      <NumberInput
        label="Access level"
        description="From 0 to 100; empty for none. It lowers nobody: the highest that somebody has counts."
        min={0}
        max={100}
        clampBehavior="strict"
        allowDecimal={false}
        allowNegative={false}
        disabled={role === 'admin'}
        value={role === 'admin' ? '' : (level ?? '')}
        onChange={(value) => onChange({ ...given, level: value === '' ? null : Number(value) })}
      />
      <Checkbox.Group
        label="Custom roles"
        description={
          roles.data?.roles.length === 0
            ? 'There are none yet: compose one on the page Roles'
            : 'Beside what the role allows'
        }
        value={[...customRoles]}
        onChange={(value) => onChange({ ...given, customRoles: value })}
      >
        <Stack gap="xs" mt="xs">
          {roles.data?.roles.map(({ id, name, permissions }) => (
            <Checkbox
              key={id}
              value={id}
              label={name}
              description={permissions.map(permissionWords).join(' · ')}
            />
          ))}
        </Stack>
      </Checkbox.Group>
      {roles.error && (
        <ProblemPanel title="The custom roles could not be listed" error={roles.error} />
      )}
    </Stack>
  );
}
