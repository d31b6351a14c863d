import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import { GatePage } from '../../ui/gate-page.tsx';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { FactorStep } from './factor-step.tsx';
import { useDirectorySignIn } from './use-directory-sign-in.ts';

interface DirectoryStepProps {
  way: { id: string; name: string };
  email: string;
  onBack: () => void;
}

/** Asks for the password of a directory. It goes to that directory, and is kept nowhere here. */
export function DirectoryStep({ way, email: typed, onBack }: DirectoryStepProps) {
  const signIn = useDirectorySignIn();
  const [email, setEmail] = useState(typed);
  const [password, setPassword] = useState('');
  if (signIn.data && 'challenge' in signIn.data)
    return <FactorStep after="directory" asked={signIn.data} onAgain={() => signIn.reset()} />;
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    signIn.mutate({ connection: way.id, email: email.trim(), password });
  };
  return (
    <GatePage
      title={`Sign in with ${way.name}`}
      lead="With the password that you have there: it is shown to your directory and kept nowhere here."
    >
      <form onSubmit={submit}>
        <Stack>
          {signIn.error && <ProblemPanel title="You are not signed in" error={signIn.error} />}
          <TextInput
            label="E-mail address"
            type="email"
            autoComplete="username"
            required
            autoFocus={typed === ''}
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <PasswordInput
            label={`Password of ${way.name}`}
            autoComplete="current-password"
            required
            autoFocus={typed !== ''}
            maxLength={256}
            value={password}
            visibilityToggleButtonProps={{ 'aria-label': 'Show the password', tabIndex: 0 }}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <Button type="submit" size="md" fullWidth loading={signIn.isPending}>
            Sign in
          </Button>
          <Button variant="subtle" size="compact-sm" fullWidth onClick={onBack}>
            Sign in another way
          </Button>
        </Stack>
      </form>
    </GatePage>
  );
}
