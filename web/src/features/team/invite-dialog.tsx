import { Radio, Stack } from '@mantine/core';
import { useState } from 'react';
import { announce } from '../../ui/announce.ts';
import { InviteForm } from '../../ui/invite-form.tsx';
import { ROLES } from './roles.ts';
import { useChangeTeam, type Role } from './use-change-team.ts';

/** Invites somebody by e-mail with a role. */
export function InviteDialog({ tenantId, onClose }: { tenantId: string; onClose: () => void }) {
  const change = useChangeTeam(tenantId);
  const [role, setRole] = useState<Role>('member');
  const invite = (email: string): void =>
    change.mutate(
      { verb: 'invite', email, role },
      {
        onSuccess: (invited) => {
          if (invited?.link) return;
          announce(`${email} is invited`);
          onClose();
        },
      },
    );
  return (
    <InviteForm
      title="Invite somebody"
      busy={change.isPending}
      error={change.error}
      link={change.data?.link}
      onInvite={invite}
      onClose={onClose}
    >
      <Radio.Group label="Role" value={role} onChange={(value) => setRole(value)}>
        <Stack gap="xs" mt="xs">
          {ROLES.map(({ value, label, does }) => (
            <Radio key={value} value={value} label={label} description={does} />
          ))}
        </Stack>
      </Radio.Group>
    </InviteForm>
  );
}
