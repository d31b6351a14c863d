import { Button, Stack, Textarea } from '@mantine/core';
import { IconLockOpen } from '@tabler/icons-react';
import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import type { Seal } from '../../lib/api/types.ts';
import { announce } from '../../ui/announce.ts';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import classes from './seal.module.css';
import { readShares } from './read-shares.ts';
import { useOpenSeal } from './use-open-seal.ts';

interface OpenFormProps {
  tenantId: string;
  shares: Seal['shares'];
  onOpened: () => void;
}

/** Takes key shares, one or several at a time; what was typed is forgotten as soon as it is sent. */
export function OpenForm({ tenantId, shares, onOpened }: OpenFormProps) {
  const open = useOpenSeal(tenantId);
  const [text, setText] = useState('');
  const typed = readShares(text);
  const missing = shares ? shares.needed - shares.given : null;

  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    open.mutate(typed.shares, {
      onSuccess: (seal) => {
        announce(seal.sealed ? 'The share was taken; more are needed' : 'The tenant is open');
        if (!seal.sealed) onOpened();
      },
      onSettled: () => setText(''),
    });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Textarea
          label="Key shares"
          description={
            missing === null
              ? 'One a line. Several holders can give theirs one after another.'
              : `${missing} of ${shares?.all ?? 0} still needed, one a line. Several holders can give theirs one after another.`
          }
          autosize
          minRows={3}
          autoComplete="off"
          spellCheck={false}
          classNames={{ input: classes.typed ?? '' }}
          value={text}
          error={typed.broken > 0 ? 'A share has 64 or 66 hexadecimal digits' : undefined}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        {open.error && <ProblemPanel title="The tenant stays sealed" error={open.error} />}
        <Button
          type="submit"
          leftSection={<IconLockOpen size={16} />}
          disabled={typed.shares.length === 0}
          loading={open.isPending}
        >
          {typed.shares.length > 1 ? `Give ${typed.shares.length} shares` : 'Give the share'}
        </Button>
      </Stack>
    </form>
  );
}
