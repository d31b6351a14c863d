import { useState } from 'react';
import { useMatch, useNavigate } from 'react-router';
import type { ConversationItem } from '../../lib/api/types.ts';
import { announce } from '../../ui/announce.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { useDeleteConversation } from './use-delete-conversation.ts';

interface DeleteConversationDialogProps {
  tenantId: string;
  item: ConversationItem | null;
  onClose: () => void;
}

/** Asks before a conversation is deleted; leaves its page when it is open. */
export function DeleteConversationDialog({
  tenantId,
  item,
  onClose,
}: DeleteConversationDialogProps) {
  const remove = useDeleteConversation(tenantId);
  const navigate = useNavigate();
  const current = useMatch('/t/:tenantId/c/:conversationId')?.params.conversationId;
  const [shown, setShown] = useState(item);
  if (item && item !== shown) setShown(item);
  const close = (): void => {
    remove.reset();
    onClose();
  };
  const onDeleted = (): void => {
    announce('The conversation is deleted');
    if (item?.id === current) void navigate(`/t/${tenantId}`);
    close();
  };
  return (
    <ConfirmDialog
      opened={item !== null}
      title="Delete this conversation?"
      action="Delete it"
      busy={remove.isPending}
      error={remove.error}
      onClose={close}
      onConfirm={() => item && remove.mutate(item.id, { onSuccess: onDeleted })}
    >
      <p>
        <strong>{shown?.title ?? 'New conversation'}</strong>, its questions and its answers are
        removed. The documents stay. This cannot be undone.
      </p>
    </ConfirmDialog>
  );
}
