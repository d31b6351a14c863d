import { Button, Checkbox, Modal, Stack, TagsInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import { useMutation } from '@tanstack/react-query';
import type { Connection } from '../../lib/api/types.ts';
import { DecisionView } from '../../ui/decision-view.tsx';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import type { DryRunWish, Owner } from './sso-api.ts';
import { dryRun } from './sso-api.ts';

interface DryRunDialogProps {
  owner: Owner;
  connection: Connection;
  onClose: () => void;
}

/** What somebody would get by a connection, and why. Changes nothing. */
export function DryRunDialog({ owner, connection, onClose }: DryRunDialogProps) {
  const [email, setEmail] = useState('');
  const [emailVouched, setVouched] = useState(true);
  const [groups, setGroups] = useState<string[]>([]);
  const ask = useMutation({
    mutationFn: (body: DryRunWish) => dryRun(owner, { id: connection.id, body }),
  });
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    ask.mutate({ email: email.trim(), emailVouched, groups });
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={`What would somebody get by ${connection.name}?`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label="Their e-mail address"
            type="email"
            required
            data-autofocus
            autoComplete="off"
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <Checkbox
            label="The directory says that the address was verified"
            checked={emailVouched}
            onChange={(event) => setVouched(event.currentTarget.checked)}
          />
          <TagsInput
            label="Their groups"
            description="As the directory calls them; Enter after each."
            value={groups}
            onChange={setGroups}
          />
          {ask.error && <ProblemPanel title="It could not be worked out" error={ask.error} />}
          {ask.data && <DecisionView decision={ask.data} />}
          <Button type="submit" loading={ask.isPending}>
            Work it out
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}
