import { Text } from '@mantine/core';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import type { RotationKind } from './rotation-words.ts';
import { useRotateKeys } from './use-rotate-keys.ts';

interface RotateKeysDialogProps {
  owner: { owner: string; name: string };
  kind: RotationKind | null;
  onClose: () => void;
}

const words: Record<RotationKind, { title: string; action: string; text: string }> = {
  wrapping: {
    title: 'Rotate the wrapping key?',
    action: 'Rotate it',
    text: 'The key service makes a new version, the data keys are wrapped anew without being seen, and the old version then opens nothing. Backups made before can only be restored together with their own snapshot of the key service.',
  },
  data: {
    title: 'Rotate the data key?',
    action: 'Rotate it',
    text: 'Every field is encrypted anew in the background while people work on. After that the old data key is destroyed. It takes some minutes, and longer with many conversations.',
  },
  backfill: {
    title: 'Encrypt rows that are plain?',
    action: 'Encrypt them',
    text: 'Rows that an older release left as plain text are encrypted. Do this only when you know where they come from: whoever can write into the database could have put them there.',
  },
};

/** Asks before keys are rotated, and says what that means. */
export function RotateKeysDialog({ owner, kind, onClose }: RotateKeysDialogProps) {
  const rotate = useRotateKeys(owner.owner);
  const { title, action, text } = words[kind ?? 'data'];
  return (
    <ConfirmDialog
      opened={kind !== null}
      title={title}
      action={action}
      busy={rotate.isPending}
      error={rotate.error}
      onConfirm={() => kind && rotate.mutate(kind, { onSuccess: onClose })}
      onClose={() => {
        rotate.reset();
        onClose();
      }}
    >
      <Text size="sm" mb="xs">
        Owner: <strong>{owner.name}</strong>
      </Text>
      <Text size="sm">{text}</Text>
    </ConfirmDialog>
  );
}
