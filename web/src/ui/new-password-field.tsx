import { PasswordInput, Stack } from '@mantine/core';
import { useId } from 'react';
import { passwordRules } from '../lib/password-rules.ts';
import { PasswordChecklist } from './password-checklist.tsx';

interface NewPasswordFieldProps {
  label?: string;
  value: string;
  onChange: (password: string) => void;
  /** The server's answer, or that it was tried too early. */
  error: string | undefined;
  tried: boolean;
}

/** Whether the rules that a browser can look at are met; the server looks at all of them again. */
export function meetsRules(password: string): boolean {
  return passwordRules(password).every((rule) => rule.met);
}

/** A new password with its rules, ticked off as one types. */
export function NewPasswordField(props: NewPasswordFieldProps) {
  const { label = 'Password', value, onChange, error, tried } = props;
  const id = useId();
  const early = tried && !meetsRules(value) ? 'Not every rule below is met yet.' : null;
  return (
    <Stack gap="xs">
      <PasswordInput
        label={label}
        autoComplete="new-password"
        required
        value={value}
        error={error ?? early}
        aria-describedby={id}
        visibilityToggleButtonProps={{ 'aria-label': 'Show the password', tabIndex: 0 }}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <PasswordChecklist id={id} rules={passwordRules(value)} />
    </Stack>
  );
}
