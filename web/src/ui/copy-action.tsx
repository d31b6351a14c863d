import { ActionIcon, Button, CopyButton, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { announce } from './announce.ts';

interface CopyActionProps {
  value: string;
  label: string;
  /** A button with words instead of an icon. */
  words?: boolean;
}

/** Copies a text and says so, to eyes and to screen readers. */
export function CopyAction({ value, label, words = false }: CopyActionProps) {
  return (
    <CopyButton value={value}>
      {({ copied, copy }) => {
        const icon = copied ? <IconCheck size={16} /> : <IconCopy size={16} />;
        const onClick = (): void => {
          copy();
          announce('Copied');
        };
        if (words) {
          return (
            <Button variant="default" size="xs" leftSection={icon} onClick={onClick}>
              {copied ? 'Copied' : label}
            </Button>
          );
        }
        return (
          <Tooltip label={copied ? 'Copied' : label}>
            <ActionIcon variant="subtle" color="gray" aria-label={label} onClick={onClick}>
              {icon}
            </ActionIcon>
          </Tooltip>
        );
      }}
    </CopyButton>
  );
}
