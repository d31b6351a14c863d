import { Button, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import { toProblem } from '../../lib/api/api-problem.ts';
import { meetsRules, NewPasswordField } from '../../ui/new-password-field.tsx';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { useAcceptSetupLink } from './use-accept-setup-link.ts';

interface AccountFormProps {
  token: string;
  email: string | null;
  onDone: () => void;
}

/** Name, e-mail and password of a new account. */
export function AccountForm({ token, email: invited, onDone }: AccountFormProps) {
  const accept = useAcceptSetupLink();
  const [name, setName] = useState('');
  const [email, setEmail] = useState(invited ?? '');
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const good = meetsRules(password);
  const fields = accept.error ? toProblem(accept.error).fields : {};

  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    setTried(true);
    if (good)
      accept.mutate(
        { token, email: email.trim(), name: name.trim(), password },
        { onSuccess: onDone },
      );
  };

  return (
    <form onSubmit={submit}>
      <Stack>
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
        <TextInput
          label="E-mail address"
          type="email"
          autoComplete="username"
          required
          maxLength={254}
          readOnly={invited !== null}
          value={email}
          error={fields['email']}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <NewPasswordField
          value={password}
          error={fields['password']}
          tried={tried}
          onChange={setPassword}
        />
        {accept.error && <ProblemPanel title="The account was not made" error={accept.error} />}
        <Button type="submit" size="md" loading={accept.isPending} fullWidth>
          Create my account
        </Button>
      </Stack>
    </form>
  );
}
