import { Button, Group, Modal, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import { toProblem } from '../../lib/api/api-problem.ts';
import type { Tenant } from '../../lib/api/types.ts';
import { announce } from '../../ui/announce.ts';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { useChangeTenant } from './use-change-tenant.ts';

const words = {
  rename: {
    title: 'Rename the tenant',
    label: 'New name',
    action: 'Rename',
    failed: 'The tenant was not renamed',
  },
  delete: {
    title: 'Delete this tenant?',
    label: 'Type its name to delete it',
    action: 'Delete it for good',
    failed: 'The tenant was not deleted',
  },
} as const;

interface TenantNameDialogProps {
  tenant: Tenant;
  verb: 'rename' | 'delete';
  onClose: () => void;
}

/** Asks for a name: the new one, or the present one as a confirmation that it shall go. */
export function TenantNameDialog({ tenant, verb, onClose }: TenantNameDialogProps) {
  const change = useChangeTenant(tenant.id);
  const [name, setName] = useState(verb === 'rename' ? tenant.name : '');
  const { title, label, action, failed } = words[verb];
  const field = change.error ? toProblem(change.error).fields['name'] : undefined;
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    const onSuccess = (changed: Tenant): void => {
      announce(
        verb === 'rename'
          ? `The tenant is called ${changed.name}`
          : `${changed.name} is being deleted`,
      );
      onClose();
    };
    change.mutate({ verb, name: verb === 'rename' ? name.trim() : name }, { onSuccess });
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      centered
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form onSubmit={submit}>
        {verb === 'delete' && (
          <p>
            The key of <strong>{tenant.name}</strong> is destroyed first, so that nothing of it can
            be read again, here or in a backup. Then its documents, conversations and log are
            removed. This cannot be undone.
          </p>
        )}
        <TextInput
          label={label}
          required
          maxLength={120}
          data-autofocus
          autoComplete="off"
          value={name}
          error={field}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {change.error && !field && <ProblemPanel title={failed} error={change.error} />}
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={onClose}>
            {verb === 'rename' ? 'Cancel' : 'Keep'}
          </Button>
          <Button
            type="submit"
            loading={change.isPending}
            {...(verb === 'delete' ? { color: 'red.8', disabled: name !== tenant.name } : {})}
          >
            {action}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
