import { Button, Group as Row, Modal, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import { announce } from '../../ui/announce.ts';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { GivenFields } from './given-fields.tsx';
import { useChangeGroups, type Given } from './use-change-groups.ts';

interface MakeGroupDialogProps {
  tenantId: string;
  onClose: () => void;
  onMade: (groupId: string) => void;
}

/** Makes a group that is kept here. */
export function MakeGroupDialog({ tenantId, onClose, onMade }: MakeGroupDialogProps) {
  const change = useChangeGroups(tenantId);
  const [name, setName] = useState('');
  const [given, setGiven] = useState<Given>({ role: null, level: null, customRoles: [] });
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    const wish = { verb: 'create', name: name.trim(), ...given } as const;
    change.mutate(wish, {
      onSuccess: (made) => {
        announce(`${wish.name} is made`);
        if (made) onMade(made.id);
      },
    });
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title="Make a group"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label="Name"
            required
            data-autofocus
            autoComplete="off"
            maxLength={120}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <GivenFields tenantId={tenantId} given={given} onChange={setGiven} />
          {change.error && <ProblemPanel title="The group was not made" error={change.error} />}
          <Row justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={change.isPending}>
              Make the group
            </Button>
          </Row>
        </Stack>
      </form>
    </Modal>
  );
}
