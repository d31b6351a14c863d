import { Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { announce } from './announce.ts';
import { ProblemPanel } from './problem-panel.tsx';

interface SmsCodeProps {
  /** Has a code sent. */
  onSend: () => Promise<unknown>;
  onSent: () => void;
  code: string;
  onChange: (code: string) => void;
}

/** A code that comes to the phone: first it is asked for, then entered. */
export function SmsCode({ onSend, onSent, code, onChange }: SmsCodeProps) {
  const send = useMutation({
    mutationFn: onSend,
    onSuccess: () => {
      announce('A code is on its way to your phone');
      onSent();
    },
  });
  return (
    <>
      {send.error && <ProblemPanel title="No code was sent" error={send.error} />}
      {send.isSuccess && (
        <TextInput
          label="Code"
          description="Six digits, in the message that you get now. It is good for five minutes."
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={7}
          required
          autoFocus
          value={code}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )}
      <Button
        variant={send.isSuccess ? 'subtle' : 'filled'}
        size={send.isSuccess ? 'compact-sm' : 'md'}
        fullWidth
        loading={send.isPending}
        onClick={() => send.mutate()}
      >
        {send.isSuccess ? 'Send another code' : 'Send a code to my phone'}
      </Button>
    </>
  );
}
