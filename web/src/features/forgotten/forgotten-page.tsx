import { Anchor, Button, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import { Link } from 'react-router';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';
import { GatePage } from '../../ui/gate-page.tsx';
import { ProblemPanel } from '../../ui/problem-panel.tsx';

/** Asks for a link to set a new password; the answer is the same for every address. */
export function ForgottenPage() {
  const [email, setEmail] = useState('');
  const ask = useMutation({
    mutationFn: (body: { email: string }) => unwrap(api.POST('/api/password/forgotten', { body })),
  });
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    ask.mutate({ email: email.trim() });
  };
  if (ask.data) {
    return (
      <GatePage
        title={ask.data.by === 'mail' ? 'Look into your mailbox' : 'Ask an administrator'}
        lead={
          ask.data.by === 'mail'
            ? 'If there is an account with this address, a link is on its way. It works once, for an hour.'
            : 'Casemate sends no mail here. An administrator of the platform can give you a link that sets a new password.'
        }
      >
        <Anchor component={Link} to="/sign-in" underline="always">
          Back to sign-in
        </Anchor>
      </GatePage>
    );
  }
  return (
    <GatePage
      title="Forgot your password?"
      lead="Enter the address of your account and set a new password."
    >
      <form onSubmit={submit}>
        <Stack>
          {ask.error && <ProblemPanel title="No link was asked for" error={ask.error} />}
          <TextInput
            label="E-mail address"
            type="email"
            autoComplete="username"
            required
            autoFocus
            maxLength={254}
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <Button type="submit" size="md" fullWidth loading={ask.isPending}>
            Send me a link
          </Button>
          <Anchor component={Link} to="/sign-in" underline="always">
            Back to sign-in
          </Anchor>
        </Stack>
      </form>
    </GatePage>
  );
}
