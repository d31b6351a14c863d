import { browserSupportsWebAuthn } from '@simplewebauthn/browser';
import { Alert, Anchor, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { IconFingerprint } from '@tabler/icons-react';
import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import { Link, Navigate, useLocation, useSearchParams } from 'react-router';
import { useSessionState } from '../../lib/session/use-session.ts';
import { passkeyProblem } from '../../ui/passkey-problem.ts';
import { GatePage } from '../../ui/gate-page.tsx';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { DirectoryStep } from './directory-step.tsx';
import { FactorStep } from './factor-step.tsx';
import { safeNext } from './safe-next.ts';
import { usePasskeySignIn } from './use-passkey-sign-in.ts';
import { useSignIn } from './use-sign-in.ts';
import { Ways } from './ways.tsx';

/** Sign-in by password and second factor, or by a passkey alone; goes on to where the person wanted to be. */
export function SignInPage() {
  const state = useSessionState();
  const [search] = useSearchParams();
  const signIn = useSignIn();
  const passkey = usePasskeySignIn();
  const came = useLocation().state as { email?: string; said?: 'made' | 'reset' } | null;
  const [email, setEmail] = useState(came?.email ?? '');
  const [password, setPassword] = useState('');
  const [directory, setDirectory] = useState<{ id: string; name: string } | null>(null);
  if (state.status === 'signed-in') return <Navigate to={safeNext(search.get('next'))} replace />;

  if (signIn.data && 'challenge' in signIn.data)
    return <FactorStep after="password" asked={signIn.data} onAgain={() => signIn.reset()} />;

  if (directory)
    return <DirectoryStep way={directory} email={email.trim()} onBack={() => setDirectory(null)} />;

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
          {came?.said && !expired && !signIn.error && (
            <Alert color="petrol" variant="light" role="status">
              {came.said === 'made'
                ? 'Your account is made. Sign in with it.'
                : 'Your new password is set. Sign in with it.'}
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
          {browserSupportsWebAuthn() && (
            <Button
              variant="default"
              fullWidth
              leftSection={<IconFingerprint size={18} />}
              loading={passkey.isPending}
              onClick={() => passkey.mutate()}
            >
              Sign in with a passkey
            </Button>
          )}
          <Ways
            email={email}
            next={safeNext(search.get('next'))}
            onPassword={(way) => setDirectory(way)}
          />
          {passkey.error && (
            <ProblemPanel title="You are not signed in" error={passkeyProblem(passkey.error)} />
          )}
          <Anchor component={Link} to="/forgotten" underline="always">
            Forgot your password?
          </Anchor>
        </Stack>
      </form>
    </GatePage>
  );
}
