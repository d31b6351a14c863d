import { Button, PasswordInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import { toProblem } from '../../lib/api/api-problem.ts';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';
import { announce } from '../../ui/announce.ts';
import { meetsRules, NewPasswordField } from '../../ui/new-password-field.tsx';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { AccountSection } from './account-section.tsx';
import classes from './account-section.module.css';

/** Changes the password; other devices are signed out. */
export function PasswordSection() {
  const queryClient = useQueryClient();
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const change = useMutation({
    mutationFn: (body: { current: string; password: string }) =>
      unwrap(api.PUT('/api/me/password', { body })),
    onSuccess: () => {
      announce('Your password is changed, and other devices are signed out');
      setCurrent('');
      setPassword('');
      setTried(false);
      return queryClient.invalidateQueries({ queryKey: ['devices'] });
    },
  });
  const fields = change.error ? toProblem(change.error).fields : {};
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    setTried(true);
    if (meetsRules(password)) change.mutate({ current, password });
  };
  return (
    <AccountSection title="Password">
      <form className={classes.form} onSubmit={submit}>
        <PasswordInput
          label="Your present password"
          autoComplete="current-password"
          required
          value={current}
          error={fields['current']}
          visibilityToggleButtonProps={{ 'aria-label': 'Show the password', tabIndex: 0 }}
          onChange={(event) => setCurrent(event.currentTarget.value)}
        />
        <NewPasswordField
          label="New password"
          value={password}
          error={fields['password']}
          tried={tried}
          onChange={setPassword}
        />
        {change.error && Object.keys(fields).length === 0 && (
          <ProblemPanel title="The password was not changed" error={change.error} />
        )}
        {change.isSuccess && <p role="status">Changed. Other devices are signed out.</p>}
        <div>
          <Button type="submit" variant="default" loading={change.isPending}>
            Change the password
          </Button>
        </div>
      </form>
    </AccountSection>
  );
}
