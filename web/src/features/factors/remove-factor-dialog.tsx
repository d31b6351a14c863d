import type { OwnFactor } from '../../lib/api/types.ts';
import { announce } from '../../ui/announce.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { useRemoveFactor } from './use-remove-factor.ts';

/** Asks before a factor goes. */
export function RemoveFactorDialog({
  factor,
  onClose,
}: {
  factor: OwnFactor;
  onClose: () => void;
}) {
  const remove = useRemoveFactor();
  const onSuccess = (): void => {
    announce(`${factor.name} was removed`);
    onClose();
  };
  return (
    <ConfirmDialog
      opened
      title={`Remove ${factor.name}?`}
      action="Remove it"
      busy={remove.isPending}
      error={remove.error}
      onClose={onClose}
      onConfirm={() => remove.mutate(factor.id, { onSuccess })}
    >
      <p>It signs you in no more. Remove it from the device as well.</p>
    </ConfirmDialog>
  );
}
