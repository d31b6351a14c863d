import { Button, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import { useNavigate } from 'react-router';
import { toProblem } from '../../lib/api/api-problem.ts';
import { announce } from '../../ui/announce.ts';
import { meetsRules, NewPasswordField } from '../../ui/new-password-field.tsx';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { useAcceptAsNew } from './use-accept.ts';

/** Name and password of somebody who has no account yet. */
export function JoinForm({ token, email }: { token: string; email: string }) {
  const accept = useAcceptAsNew();
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const fields = accept.error ? toProblem(accept.error).fields : {};
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    setTried(true);
    if (!meetsRules(password)) return;
    const onSuccess = (): void => {
      announce('Your account is made. Sign in with it.');
      void navigate('/sign-in', { replace: true, state: { email, said: 'made' } });
    };
    accept.mutate({ token, name: name.trim(), password }, { onSuccess });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="E-mail address"
          type="email"
          autoComplete="username"
          readOnly
          value={email}
        />
        <TextInput
          label="Your name"
          autoComplete="name"
          required
          autoFocus
          maxLength={120}
          value={name}
          error={fields['name']}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <NewPasswordField
          value={password}
          error={fields['password']}
          tried={tried}
          onChange={setPassword}
        />
        {accept.error && !fields['password'] && (
          <ProblemPanel title="The account was not made" error={accept.error} />
        )}
        <Button type="submit" size="md" loading={accept.isPending} fullWidth>
          Accept the invitation
        </Button>
      </Stack>
    </form>
  );
}
