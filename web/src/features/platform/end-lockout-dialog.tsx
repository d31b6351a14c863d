import { announce } from '../../ui/announce.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { useEndLockout } from './use-end-lockout.ts';

interface EndLockoutDialogProps {
  lockout: { id: string; who: string };
  onClose: () => void;
}

/** Asks before a lockout is ended: it was there for wrong passwords. */
export function EndLockoutDialog({ lockout, onClose }: EndLockoutDialogProps) {
  const end = useEndLockout();
  const onDone = (): void => {
    announce('The lockout has ended');
    onClose();
  };
  return (
    <ConfirmDialog
      opened
      title="End this lockout now?"
      action="End it"
      busy={end.isPending}
      error={end.error}
      onClose={onClose}
      onConfirm={() => end.mutate(lockout.id, { onSuccess: onDone })}
    >
      <p>
        <strong>{lockout.who}</strong> can try to sign in again within seconds, with all tries. Do
        this when you know who it was: somebody who guesses gets the tries too. The audit log says
        that you did.
      </p>
    </ConfirmDialog>
  );
}
