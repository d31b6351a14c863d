import type { CustomRole } from '../../lib/api/types.ts';
import { plural } from '../../lib/format.ts';
import { announce } from '../../ui/announce.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { useChangeRoles } from './use-change-roles.ts';

interface DeleteRoleDialogProps {
  tenantId: string;
  role: CustomRole;
  onClose: () => void;
}

/** Asks before a custom role goes. */
export function DeleteRoleDialog({ tenantId, role, onClose }: DeleteRoleDialogProps) {
  const change = useChangeRoles(tenantId);
  const onSuccess = (): void => {
    announce(`${role.name} is deleted`);
    onClose();
  };
  return (
    <ConfirmDialog
      opened
      title="Delete this role?"
      action="Delete it"
      busy={change.isPending}
      error={change.error}
      onClose={onClose}
      onConfirm={() => change.mutate({ verb: 'delete', roleId: role.id }, { onSuccess })}
    >
      <p>
        {plural(role.members, { one: 'One person loses', other: '# people lose' })} what{' '}
        <strong>{role.name}</strong> gives within two seconds, and so do their API keys.
      </p>
    </ConfirmDialog>
  );
}
