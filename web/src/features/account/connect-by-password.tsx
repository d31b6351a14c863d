import { Button, Modal, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';
import { announce } from '../../ui/announce.ts';
import { ProblemPanel } from '../../ui/problem-panel.tsx';

interface ConnectByPasswordProps {
  way: { id: string; name: string };
  onClose: () => void;
}

/** Connects one's own account with a directory, by the password there. */
export function ConnectByPassword({ way, onClose }: ConnectByPasswordProps) {
  const queryClient = useQueryClient();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const link = useMutation({
    mutationFn: (body: { connection: string; email: string; password: string }) =>
      unwrap(api.POST('/api/me/identities/directory', { body })),
    onSuccess: async () => {
      announce(`${way.name} is connected`);
      await queryClient.invalidateQueries({ queryKey: ['identities'] });
      onClose();
    },
  });
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    link.mutate({ connection: way.id, email: email.trim(), password });
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Connect ${way.name}`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label="E-mail address there"
            type="email"
            required
            data-autofocus
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <PasswordInput
            label="Password there"
            autoComplete="off"
            required
            maxLength={256}
            value={password}
            visibilityToggleButtonProps={{ 'aria-label': 'Show the password', tabIndex: 0 }}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          {link.error && <ProblemPanel title="It was not connected" error={link.error} />}
          <Button type="submit" loading={link.isPending}>
            Connect
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}
