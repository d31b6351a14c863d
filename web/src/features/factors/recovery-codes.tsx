import { Button, Checkbox, Group, Stack } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { CopyAction } from '../../ui/copy-action.tsx';
import classes from './factors.module.css';

interface RecoveryCodesProps {
  codes: string[];
  onKept: () => void;
}

/** Shows recovery codes, once; whoever goes on says that they have kept them. */
export function RecoveryCodes({ codes, onKept }: RecoveryCodesProps) {
  const [kept, setKept] = useState(false);
  const save = (): void => {
    const text = `Casemate, recovery codes for ${window.location.host}\nEach works once.\n\n${codes.join('\n')}\n`;
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
    link.download = 'casemate-recovery-codes.txt';
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return (
    <Stack>
      <p>
        Each of these signs you in once if you lose your second factor. They are shown now and never
        again: print them, or keep them in a password manager.
      </p>
      <ul className={classes.codes} aria-label="Recovery codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <Group>
        <CopyAction words value={codes.join('\n')} label="Copy all" />
        <Button variant="default" size="xs" leftSection={<IconDownload size={16} />} onClick={save}>
          Save as a file
        </Button>
      </Group>
      <Checkbox
        label="I have kept them in a safe place"
        checked={kept}
        onChange={(event) => setKept(event.currentTarget.checked)}
      />
      <Button disabled={!kept} onClick={onKept}>
        Go on
      </Button>
    </Stack>
  );
}
