import { useState } from 'react';
import type { StoredDocument } from '../../lib/api/types.ts';
import { announce } from '../../ui/announce.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { useDeleteDocument } from './use-delete-document.ts';

interface DeleteDocumentDialogProps {
  tenantId: string;
  document: StoredDocument | null;
  onClose: () => void;
  onDeleted?: () => void;
}

/** Asks before a document is deleted. */
export function DeleteDocumentDialog({
  tenantId,
  document,
  onClose,
  onDeleted,
}: DeleteDocumentDialogProps) {
  const remove = useDeleteDocument(tenantId);
  // The name stays readable while the dialog fades out.
  const [shown, setShown] = useState(document);
  if (document && document !== shown) setShown(document);
  const close = (): void => {
    remove.reset();
    onClose();
  };
  return (
    <ConfirmDialog
      opened={document !== null}
      title="Delete this document?"
      action="Delete it"
      busy={remove.isPending}
      error={remove.error}
      onClose={close}
      onConfirm={() =>
        document &&
        remove.mutate(document.id, {
          onSuccess: () => {
            announce(`${document.name} is deleted`);
            close();
            onDeleted?.();
          },
        })
      }
    >
      <p>
        <strong>{shown?.name}</strong> and its passages are removed for everybody in this tenant.
        Answers given from it stay, with their sources shown as deleted. This cannot be undone.
      </p>
    </ConfirmDialog>
  );
}
