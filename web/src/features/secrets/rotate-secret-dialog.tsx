import { Checkbox } from '@mantine/core';
import { useState } from 'react';
import type { Secret } from '../../lib/api/types.ts';
import { announce } from '../../ui/announce.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { useRotateSecret } from './use-rotate-secret.ts';

interface RotateSecretDialogProps {
  secret: Secret;
  onClose: () => void;
}

/** Asks before a secret is rotated, and whether the present one may be known to others. */
export function RotateSecretDialog({ secret, onClose }: RotateSecretDialogProps) {
  const rotate = useRotateSecret();
  const [compromised, setCompromised] = useState(false);
  const onDone = (): void => {
    announce(`${secret.title}: the rotation has begun`);
    onClose();
  };
  return (
    <ConfirmDialog
      opened
      title="Rotate this secret now?"
      action="Rotate it"
      busy={rotate.isPending}
      error={rotate.error}
      onClose={onClose}
      onConfirm={() => rotate.mutate({ name: secret.name, compromised }, { onSuccess: onDone })}
    >
      <p>
        <strong>{secret.title}</strong>: {secret.how}
      </p>
      <Checkbox
        label="Others may know the present one: refuse it at once"
        checked={compromised}
        onChange={(event) => setCompromised(event.currentTarget.checked)}
      />
    </ConfirmDialog>
  );
}
