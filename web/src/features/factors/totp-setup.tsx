import { Button, Skeleton, Stack, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { SyntheticEvent } from 'react';
import { toProblem } from '../../lib/api/api-problem.ts';
import { CopyAction } from '../../ui/copy-action.tsx';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import classes from './factors.module.css';
import { useBeginTotp } from './use-begin-totp.ts';
import { useConfirmTotp } from './use-confirm-totp.ts';

interface TotpSetupProps {
  name: string;
  onDone: (recoveryCodes: string[] | null) => void;
}

/** Sets up an authenticator app: its key as a picture and in letters, then a code of it. */
export function TotpSetup({ name, onDone }: TotpSetupProps) {
  const begin = useBeginTotp();
  const confirm = useConfirmTotp();
  const [code, setCode] = useState('');
  const { mutate } = begin;
  useEffect(() => mutate(name), [mutate, name]);

  if (begin.error)
    return (
      <ProblemPanel
        title="No key could be made"
        error={begin.error}
        onRetry={() => begin.mutate(name)}
        retrying={begin.isPending}
      />
    );
  if (!begin.data) return <Skeleton height={360} aria-busy="true" />;
  const { id, secret, qr } = begin.data;
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    confirm.mutate(
      { id, code },
      { onSuccess: ({ recoveryCodes }) => onDone(recoveryCodes), onError: () => setCode('') },
    );
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <p>Scan this with your authenticator app, or type the key into it.</p>
        <svg
          className={classes.qr}
          viewBox={`0 0 ${qr.size} ${qr.size}`}
          shapeRendering="crispEdges"
          role="img"
          aria-label="QR code of the key; the key stands below"
        >
          <path d={qr.path} />
        </svg>
        <div>
          <code className={classes.key} data-testid="totp-key">
            {secret.match(/.{1,4}/g)?.join(' ')}
          </code>{' '}
          <CopyAction value={secret} label="Copy the key" />
        </div>
        <TextInput
          label="Code"
          description="The six digits that the app shows now"
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={7}
          required
          value={code}
          error={confirm.error ? toProblem(confirm.error).message : null}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        <Button type="submit" loading={confirm.isPending}>
          Confirm
        </Button>
      </Stack>
    </form>
  );
}
