import {
  Alert,
  Button,
  Checkbox,
  Code,
  Modal,
  NativeSelect,
  Stack,
  Textarea,
  TextInput,
} from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import { CopyAction } from '../../ui/copy-action.tsx';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import classes from './directory.module.css';
import { useMakeToken } from './scim-query.ts';

const LIFETIMES = [
  { value: '90', label: '90 days' },
  { value: '180', label: '180 days' },
  { value: '365', label: 'A year' },
];

/** Makes a token for the directory and shows it this once. */
export function TokenDialog({ tenantId, onClose }: { tenantId: string; onClose: () => void }) {
  const make = useMakeToken(tenantId);
  const [name, setName] = useState('Directory');
  const [days, setDays] = useState('180');
  const [networks, setNetworks] = useState('');
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    const addresses = networks.split(/[\s,]+/).filter(Boolean);
    make.mutate({ name: name.trim(), expiresInDays: Number(days), addresses });
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={make.data ? 'Your token' : 'Make a token'}
      // A token that is shown once does not go by a click beside it.
      closeOnClickOutside={!make.data}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {make.data ? (
        <ShownToken token={make.data.key} onDone={onClose} />
      ) : (
        <form onSubmit={submit}>
          <Stack>
            <TextInput
              label="Name"
              required
              data-autofocus
              maxLength={80}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <NativeSelect
              label="Ends after"
              description="Before it ends, make another and put it into the directory."
              data={LIFETIMES}
              value={days}
              onChange={(event) => setDays(event.currentTarget.value)}
            />
            <Textarea
              label="Networks from which it may be used"
              description="Addresses or networks such as 10.1.0.0/16, one a line. Empty: from anywhere on the intranet."
              autosize
              minRows={2}
              maxRows={6}
              value={networks}
              onChange={(event) => setNetworks(event.currentTarget.value)}
            />
            {make.error && <ProblemPanel title="The token was not made" error={make.error} />}
            <Button type="submit" loading={make.isPending}>
              Make the token
            </Button>
          </Stack>
        </form>
      )}
    </Modal>
  );
}

function ShownToken({ token, onDone }: { token: string; onDone: () => void }) {
  const [kept, setKept] = useState(false);
  return (
    <Stack>
      <Alert variant="default" icon={<IconAlertTriangle />} title="You see this token this once">
        Put it into your directory as its bearer token. Only a fingerprint of it is stored here.
      </Alert>
      <Code block className={classes.token ?? ''}>
        {token}
      </Code>
      <CopyAction value={token} label="Copy the token" words />
      <Checkbox
        label="My directory has it"
        checked={kept}
        onChange={(event) => setKept(event.currentTarget.checked)}
      />
      <Button disabled={!kept} onClick={onDone}>
        Done
      </Button>
    </Stack>
  );
}
