import { Button, Checkbox, Group, Modal, NumberInput, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import { customRolesQuery } from '../../lib/access/access-queries.ts';
import { permissionWords } from '../../lib/access/permission-words.ts';
import type { TeamMember } from '../../lib/api/types.ts';
import { announce } from '../../ui/announce.ts';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { useChangeTeam } from './use-change-team.ts';

/** Of members and reviewers for whom nobody said another (docs/access.md). */
const USUAL_LEVEL = 50;

interface AccessDialogProps {
  tenantId: string;
  member: TeamMember;
  onClose: () => void;
}

/** The access level of a person and their custom roles. */
export function AccessDialog({ tenantId, member, onClose }: AccessDialogProps) {
  const roles = useQuery(customRolesQuery(tenantId));
  const change = useChangeTeam(tenantId);
  const before = member.own.level ?? USUAL_LEVEL;
  const [level, setLevel] = useState<number | string>(before);
  const [chosen, setChosen] = useState<string[]>(member.own.customRoles);
  const highest = member.own.role === 'admin';
  const giving = member.groups.filter(
    (group) => group.level !== null || group.customRoles.length > 0,
  );
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    const { accountId } = member;
    change.mutate(
      {
        verb: 'access',
        accountId,
        customRoles: chosen,
        ...(highest || level === before ? {} : { level: Number(level) }),
      },
      {
        onSuccess: () => {
          announce(`What ${member.name} may is changed`);
          onClose();
        },
      },
    );
  };
  const failed = change.error ?? roles.error;
  return (
    <Modal
      opened
      onClose={onClose}
      title={`What ${member.name} may`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form onSubmit={submit}>
        <Stack>
          <NumberInput
            label="Access level"
            description={
              highest
                ? 'Administrators always have the highest'
                : 'From 0 to 100; a feature that needs more is refused'
            }
            min={0}
            max={100}
            clampBehavior="strict"
            allowDecimal={false}
            allowNegative={false}
            required
            disabled={highest}
            value={level}
            onChange={setLevel}
          />
          <Checkbox.Group
            label="Custom roles"
            description={
              roles.data?.roles.length === 0
                ? 'There are none yet: compose one on the page Roles'
                : 'Beside what the role allows'
            }
            value={chosen}
            onChange={setChosen}
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
          {giving.length > 0 && (
            <Text size="sm">
              Groups add to that:{' '}
              {giving.map((group) => givenBy(group, roles.data?.roles ?? [])).join('; ')}. The
              highest level counts, and all custom roles do.
            </Text>
          )}
          {failed && <ProblemPanel title="Nothing was changed" error={failed} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={change.isPending} disabled={level === ''}>
              Change it
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function givenBy(
  { name, level, customRoles }: TeamMember['groups'][number],
  roles: readonly { id: string; name: string }[],
): string {
  const names = customRoles.flatMap((id) => roles.find((one) => one.id === id)?.name ?? []);
  return `${name} (${[...(level === null ? [] : [`level ${level}`]), ...names].join(', ')})`;
}
