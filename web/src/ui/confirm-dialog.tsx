import { Button, Group, Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { ProblemPanel } from './problem-panel.tsx';

interface ConfirmDialogProps {
  opened: boolean;
  title: string;
  children: ReactNode;
  action: string;
  busy: boolean;
  error: unknown;
  /** What it does can be taken back, or is taken back by itself. */
  harmless?: boolean;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks before something is destroyed, or handed out; the safe answer has the focus. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { opened, title, children, action, busy, error, harmless, onConfirm, onClose } = props;
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={title}
      centered
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {children}
      {Boolean(error) && <ProblemPanel title="That did not work" error={error} />}
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose} data-autofocus>
          {harmless ? 'Cancel' : 'Keep'}
        </Button>
        <Button {...(harmless ? {} : { color: 'red.8' })} loading={busy} onClick={onConfirm}>
          {action}
        </Button>
      </Group>
    </Modal>
  );
}
