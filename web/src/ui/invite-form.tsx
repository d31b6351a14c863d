import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { ReactNode, SyntheticEvent } from 'react';
import { toProblem } from '../lib/api/api-problem.ts';
import { HandedLink } from './handed-link.tsx';
import { ProblemPanel } from './problem-panel.tsx';

interface InviteFormProps {
  title: string;
  busy: boolean;
  error: unknown;
  /** To be handed over, where there is no mail. */
  link: string | null | undefined;
  onInvite: (email: string) => void;
  onClose: () => void;
  /** What somebody is invited to. */
  children: ReactNode;
}

/** Asks for the address of whom one invites, and shows the link where no mail carries it. */
export function InviteForm(props: InviteFormProps) {
  const { title, busy, error, link, onInvite, onClose, children } = props;
  const [email, setEmail] = useState('');
  const field = error ? toProblem(error).fields['email'] : undefined;
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    onInvite(email.trim());
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      // A link that is shown once does not go by a click beside it.
      closeOnClickOutside={!link}
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
            {children}
            {Boolean(error) && !field && <ProblemPanel title="Nobody was invited" error={error} />}
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
              <Button type="submit" loading={busy}>
                Invite
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
