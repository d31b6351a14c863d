import { Alert, Button, Stack, TextInput } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import { api } from '../../lib/api/client.ts';
import { toProblem } from '../../lib/api/api-problem.ts';
import { unwrap } from '../../lib/api/unwrap.ts';

interface PhoneSetupProps {
  name: string;
  onDone: (recoveryCodes: string[] | null) => void;
}

/** Sets up a phone that gets codes: its number, then a code that was sent there. */
export function PhoneSetup({ name, onDone }: PhoneSetupProps) {
  const queryClient = useQueryClient();
  const [number, setNumber] = useState('');
  const [code, setCode] = useState('');
  const begin = useMutation({
    mutationFn: () => unwrap(api.POST('/api/me/factors/phone', { body: { name, number } })),
  });
  const confirm = useMutation({
    mutationFn: (factor: string) =>
      unwrap(
        api.POST('/api/me/factors/phone/{factor}/confirm', {
          params: { path: { factor } },
          body: { code },
        }),
      ),
    onSuccess: async ({ recoveryCodes }) => {
      await queryClient.invalidateQueries({ queryKey: ['me', 'factors'] });
      onDone(recoveryCodes);
    },
    onError: (error) => {
      setCode('');
      if (toProblem(error).status === 410) begin.reset();
    },
  });
  const id = begin.data?.id;
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (id === undefined) begin.mutate();
    else confirm.mutate(id);
  };
  const problem = id === undefined ? (begin.error ?? confirm.error) : confirm.error;
  return (
    <form onSubmit={submit}>
      <Stack>
        <Alert
          variant="default"
          icon={<IconAlertTriangle />}
          title="Weaker than an app or a passkey"
        >
          Messages can be read on their way, and a number can be moved to another card. Take an app
          or a passkey where you can.
        </Alert>
        {id === undefined ? (
          <TextInput
            label="Number"
            description="Of a mobile phone, with its country: +47 412 34 567"
            type="tel"
            autoComplete="tel"
            maxLength={30}
            required
            data-autofocus
            value={number}
            error={problem ? toProblem(problem).message : null}
            onChange={(event) => setNumber(event.currentTarget.value)}
          />
        ) : (
          <TextInput
            label="Code"
            description="Six digits, in the message that the phone gets now"
            inputMode="numeric"
            autoComplete="one-time-code"
            maxLength={7}
            required
            autoFocus
            value={code}
            error={problem ? toProblem(problem).message : null}
            onChange={(event) => setCode(event.currentTarget.value)}
          />
        )}
        <Button type="submit" loading={begin.isPending || confirm.isPending}>
          {id === undefined ? 'Send a code' : 'Confirm'}
        </Button>
      </Stack>
    </form>
  );
}
