import { Button, Group, Modal, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import { toProblem } from '../../lib/api/api-problem.ts';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';
import { reloadMemberships } from '../../lib/session/reload-memberships.ts';
import { useSession } from '../../lib/session/use-session.ts';
import { announce } from '../../ui/announce.ts';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { AccountSection } from './account-section.tsx';
import classes from './account-section.module.css';

/** The name that others see, and the address one signs in with. */
export function ProfileSection() {
  const { account } = useSession();
  const [name, setName] = useState(account.name);
  const [changing, setChanging] = useState(false);
  const rename = useMutation({
    mutationFn: (wish: string) => unwrap(api.PATCH('/api/me', { body: { name: wish } })),
    onSuccess: () => {
      announce('Your name is saved');
      return reloadMemberships();
    },
  });
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    rename.mutate(name.trim());
  };
  return (
    <AccountSection title="You">
      <form className={classes.form} onSubmit={submit}>
        <TextInput
          label="Your name"
          autoComplete="name"
          required
          maxLength={120}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {rename.error && <ProblemPanel title="The name was not saved" error={rename.error} />}
        <Group>
          <Button
            type="submit"
            variant="default"
            loading={rename.isPending}
            disabled={name.trim() === '' || name.trim() === account.name}
          >
            Save the name
          </Button>
          <Button variant="default" onClick={() => setChanging(true)}>
            Change the e-mail address
          </Button>
        </Group>
      </form>
      {changing && <EmailDialog onClose={() => setChanging(false)} />}
    </AccountSection>
  );
}

function EmailDialog({ onClose }: { onClose: () => void }) {
  const [email, setEmail] = useState('');
  const [current, setCurrent] = useState('');
  const ask = useMutation({
    mutationFn: (body: { email: string; current: string }) =>
      unwrap(api.POST('/api/me/email', { body })),
  });
  const fields = ask.error ? toProblem(ask.error).fields : {};
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    ask.mutate({ email: email.trim(), current });
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title="Change the e-mail address"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {ask.isSuccess ? (
        <Stack>
          <p>
            A link is on its way to <strong>{email}</strong>, unless somebody has that address here.
            Open it in this browser; until then your address stays as it is. Where Casemate sends no
            mail, an administrator of the platform hands the link over.
          </p>
          <Button onClick={onClose}>Done</Button>
        </Stack>
      ) : (
        <form onSubmit={submit}>
          <Stack>
            <TextInput
              label="New address"
              type="email"
              required
              data-autofocus
              maxLength={254}
              value={email}
              error={fields['email']}
              onChange={(event) => setEmail(event.currentTarget.value)}
            />
            <PasswordInput
              label="Your present password"
              autoComplete="current-password"
              required
              value={current}
              error={fields['current']}
              visibilityToggleButtonProps={{ 'aria-label': 'Show the password', tabIndex: 0 }}
              onChange={(event) => setCurrent(event.currentTarget.value)}
            />
            {ask.error && Object.keys(fields).length === 0 && (
              <ProblemPanel title="Nothing was changed" error={ask.error} />
            )}
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
              <Button type="submit" loading={ask.isPending}>
                Send a link there
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
