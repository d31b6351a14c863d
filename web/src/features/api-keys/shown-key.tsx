import { Alert, Button, Checkbox, Code, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import type { MadeKey } from '../../lib/api/types.ts';
import { CopyAction } from '../../ui/copy-action.tsx';
import classes from './api-keys.module.css';

/** A new key, this once: nobody can show it again. */
export function ShownKey({ made, onDone }: { made: MadeKey; onDone: () => void }) {
  const [kept, setKept] = useState(false);
  return (
    <Stack>
      <Alert variant="default" icon={<IconAlertTriangle />} title="You see this key this once">
        Keep it where the program reads its secrets. Only a fingerprint of it is stored here.
      </Alert>
      <Code block className={classes.key ?? ''}>
        {made.key}
      </Code>
      <CopyAction value={made.key} label="Copy the key" words />
      <Text size="sm" c="dimmed">
        A program sends it with each request:{' '}
        <Code>Authorization: Bearer {made.key.slice(0, 4)}…</Code>
      </Text>
      <Checkbox
        label="I have kept it"
        checked={kept}
        onChange={(event) => setKept(event.currentTarget.checked)}
      />
      <Button disabled={!kept} onClick={onDone}>
        Done
      </Button>
    </Stack>
  );
}
