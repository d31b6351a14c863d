import { Button, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import { toProblem } from '../lib/api/api-problem.ts';
import { meetsRules, NewPasswordField } from './new-password-field.tsx';
import { ProblemPanel } from './problem-panel.tsx';

export type NewAccount = { email: string; name: string; password: string };

interface NewAccountFormProps {
  /** Whose account it becomes; null where the link does not say. */
  email: string | null;
  action: string;
  busy: boolean;
  error: unknown;
  onSubmit: (account: NewAccount) => void;
}

/** Name, e-mail and password of somebody who has no account yet. */
export function NewAccountForm({
  email: known,
  action,
  busy,
  error,
  onSubmit,
}: NewAccountFormProps) {
  const [email, setEmail] = useState(known ?? '');
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const fields = error ? toProblem(error).fields : {};
  const shown = ['email', 'name', 'password'].some((field) => fields[field] !== undefined);
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    setTried(true);
    if (meetsRules(password)) onSubmit({ email: email.trim(), name: name.trim(), password });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="E-mail address"
          type="email"
          autoComplete="username"
          required
          autoFocus={known === null}
          maxLength={254}
          readOnly={known !== null}
          value={email}
          error={fields['email']}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <TextInput
          label="Your name"
          autoComplete="name"
          required
          autoFocus={known !== null}
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
        {Boolean(error) && !shown && (
          <ProblemPanel title="The account was not made" error={error} />
        )}
        <Button type="submit" size="md" loading={busy} fullWidth>
          {action}
        </Button>
      </Stack>
    </form>
  );
}
