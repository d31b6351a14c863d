import type { TeamMember } from '../../lib/api/types.ts';
import { announce } from '../../ui/announce.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { useChangeTeam } from './use-change-team.ts';

interface RemoveDialogProps {
  tenantId: string;
  member: TeamMember;
  onClose: () => void;
}

/** Asks before somebody is taken out of the tenant. */
export function RemoveDialog({ tenantId, member, onClose }: RemoveDialogProps) {
  const change = useChangeTeam(tenantId);
  const onSuccess = (): void => {
    announce(`${member.name} is no longer in the tenant`);
    onClose();
  };
  return (
    <ConfirmDialog
      opened
      title="Take this person out?"
      action="Take out"
      busy={change.isPending}
      error={change.error}
      onClose={onClose}
      onConfirm={() =>
        change.mutate({ verb: 'remove', accountId: member.accountId }, { onSuccess })
      }
    >
      <p>
        <strong>{member.name}</strong> is shut out of this tenant within two seconds; what they
        asked for and waits is cancelled. Their account, and other tenants, stay.
      </p>
    </ConfirmDialog>
  );
}
