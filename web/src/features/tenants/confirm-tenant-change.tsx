import type { Tenant } from '../../lib/api/types.ts';
import { announce } from '../../ui/announce.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { useChangeTenant } from './use-change-tenant.ts';

const words = {
  suspend: {
    title: 'Suspend this tenant?',
    action: 'Suspend it',
    text: 'Its people are shut out at once, answers that are being written end, and its work waits. Nothing is deleted.',
    done: 'is suspended',
  },
  resume: {
    title: 'Resume this tenant?',
    action: 'Resume it',
    text: 'Its people can use it again, and what waited goes on.',
    done: 'is open again',
  },
  retry: {
    title: 'Build this tenant again?',
    action: 'Build it',
    text: 'What is left of the first try is cleared away. The log of the provisioner says why it failed.',
    done: 'is being built',
  },
} as const;

interface ConfirmTenantChangeProps {
  tenant: Tenant;
  verb: keyof typeof words;
  onClose: () => void;
}

/** Asks before a tenant is suspended, resumed or built again. */
export function ConfirmTenantChange({ tenant, verb, onClose }: ConfirmTenantChangeProps) {
  const change = useChangeTenant(tenant.id);
  const { title, action, text, done } = words[verb];
  const onDone = (): void => {
    announce(`${tenant.name} ${done}`);
    onClose();
  };
  return (
    <ConfirmDialog
      opened
      title={title}
      action={action}
      busy={change.isPending}
      error={change.error}
      onClose={onClose}
      onConfirm={() => change.mutate({ verb }, { onSuccess: onDone })}
    >
      <p>
        <strong>{tenant.name}</strong>: {text}
      </p>
    </ConfirmDialog>
  );
}
