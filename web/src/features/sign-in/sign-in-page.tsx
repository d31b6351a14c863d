import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import { Navigate, useSearchParams } from 'react-router';
import { useSessionState } from '../../lib/session/use-session.ts';
import { GatePage } from '../../ui/gate-page.tsx';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { safeNext } from './safe-next.ts';
import { useSignIn } from './use-sign-in.ts';

/** Sign-in by e-mail address and password; goes on to where the person wanted to be. */
export function SignInPage() {
  const state = useSessionState();
  const [search] = useSearchParams();
  const signIn = useSignIn();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  if (state.status === 'signed-in') return <Navigate to={safeNext(search.get('next'))} replace />;

  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    signIn.mutate({ email: email.trim(), password });
  };
  const expired = state.status === 'signed-out' && state.expired;
  return (
    <GatePage title="Sign in" lead="Ask questions over your documents, with sources.">
      <form onSubmit={submit}>
        <Stack>
          {expired && !signIn.error && (
            <Alert color="petrol" variant="light" role="status">
              Your session has ended. Sign in and you go on where you were.
            </Alert>
          )}
          {signIn.error && <ProblemPanel title="You are not signed in" error={signIn.error} />}
          <TextInput
            label="E-mail address"
            type="email"
            autoComplete="username"
            required
            autoFocus
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            required
            value={password}
            visibilityToggleButtonProps={{ 'aria-label': 'Show the password', tabIndex: 0 }}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <Button type="submit" size="md" fullWidth loading={signIn.isPending}>
            Sign in
          </Button>
        </Stack>
      </form>
    </GatePage>
  );
}
