import { Button, Group, Modal, Radio, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import { toProblem } from '../../lib/api/api-problem.ts';
import { announce } from '../../ui/announce.ts';
import { HandedLink } from '../../ui/handed-link.tsx';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { ROLES } from './roles.ts';
import { useChangeTeam, type Role } from './use-change-team.ts';

/** Invites somebody by e-mail with a role. */
export function InviteDialog({ tenantId, onClose }: { tenantId: string; onClose: () => void }) {
  const change = useChangeTeam(tenantId);
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('member');
  const field = change.error ? toProblem(change.error).fields['email'] : undefined;
  const link = change.data?.link;
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    const wish = { verb: 'invite', email: email.trim(), role } as const;
    change.mutate(wish, {
      onSuccess: (invited) => {
        if (invited?.link) return;
        announce(`${wish.email} is invited`);
        onClose();
      },
    });
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title="Invite somebody"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {link ? (
        <HandedLink link={link} email={email.trim()} onDone={onClose} />
      ) : (
        <form onSubmit={submit}>
          <Stack>
            <TextInput
              label="E-mail address"
              type="email"
              required
              data-autofocus
              autoComplete="off"
              maxLength={254}
              value={email}
              error={field}
              onChange={(event) => setEmail(event.currentTarget.value)}
            />
            <Radio.Group label="Role" value={role} onChange={(value) => setRole(value)}>
              <Stack gap="xs" mt="xs">
                {ROLES.map(({ value, label, does }) => (
                  <Radio key={value} value={value} label={label} description={does} />
                ))}
              </Stack>
            </Radio.Group>
            {change.error && !field && (
              <ProblemPanel title="Nobody was invited" error={change.error} />
            )}
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
              <Button type="submit" loading={change.isPending}>
                Invite
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
