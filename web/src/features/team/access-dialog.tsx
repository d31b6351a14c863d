import { Button, Checkbox, Group, Modal, NumberInput, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import { customRolesQuery } from '../../lib/access/access-queries.ts';
import { permissionWords } from '../../lib/access/permission-words.ts';
import type { TeamMember } from '../../lib/api/types.ts';
import { announce } from '../../ui/announce.ts';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { useChangeTeam } from './use-change-team.ts';

interface AccessDialogProps {
  tenantId: string;
  member: TeamMember;
  onClose: () => void;
}

/** The access level of a person and their custom roles. */
export function AccessDialog({ tenantId, member, onClose }: AccessDialogProps) {
  const roles = useQuery(customRolesQuery(tenantId));
  const change = useChangeTeam(tenantId);
  const [level, setLevel] = useState<number | string>(member.level);
  const [chosen, setChosen] = useState<string[]>(member.customRoles);
  const highest = member.role === 'admin';
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    const { accountId } = member;
    change.mutate(
      {
        verb: 'access',
        accountId,
        customRoles: chosen,
        ...(highest ? {} : { level: Number(level) }),
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
