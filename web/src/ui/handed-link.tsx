import { Alert, Button, Group, Stack, TextInput } from '@mantine/core';
import { CopyAction } from './copy-action.tsx';

interface HandedLinkProps {
  link: string;
  /** For whom it is. */
  email: string;
  onDone: () => void;
}

/** A one-time link that no mail carries: shown this once, to be handed over. */
export function HandedLink({ link, email, onDone }: HandedLinkProps) {
  return (
    <Stack>
      <Alert color="petrol" variant="light" role="status">
        This link is not mailed. Hand it to <strong>{email}</strong> yourself: it works once, and it
        is not shown again.
      </Alert>
      <TextInput label="One-time link" readOnly value={link} />
      <Group justify="flex-end">
        <CopyAction value={link} label="Copy the link" words />
        <Button onClick={onDone}>Done</Button>
      </Group>
    </Stack>
  );
}
