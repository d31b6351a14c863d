import { Button, Group, Modal, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import type { ConversationItem } from '../../lib/api/types.ts';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { useRenameConversation } from './use-rename-conversation.ts';

interface RenameConversationDialogProps {
  tenantId: string;
  item: ConversationItem | null;
  onClose: () => void;
}

/** Asks for another title. */
export function RenameConversationDialog({
  tenantId,
  item,
  onClose,
}: RenameConversationDialogProps) {
  const rename = useRenameConversation(tenantId);
  const [shown, setShown] = useState(item);
  const [title, setTitle] = useState('');
  if (item && item !== shown) {
    setShown(item);
    setTitle(item.title ?? '');
  }
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (item)
      rename.mutate({ conversationId: item.id, title: title.trim() }, { onSuccess: onClose });
  };
  return (
    <Modal
      opened={item !== null}
      onClose={onClose}
      title="Rename the conversation"
      centered
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form onSubmit={submit}>
        <TextInput
          label="Title"
          required
          maxLength={120}
          data-autofocus
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        {rename.error && <ProblemPanel title="The title was not changed" error={rename.error} />}
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={rename.isPending}>
            Rename
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
