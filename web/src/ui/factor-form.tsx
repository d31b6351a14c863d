import { Button, Stack, TextInput } from '@mantine/core';
import { IconFingerprint } from '@tabler/icons-react';
import { startAuthentication } from '@simplewebauthn/browser';
import type { PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/browser';
import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import type { FactorAnswer, FactorChallenge } from '../lib/api/types.ts';
import { ProblemPanel } from './problem-panel.tsx';
import { SmsCode } from './sms-code.tsx';

interface FactorFormProps {
  asked: FactorChallenge;
  busy: boolean;
  error: unknown;
  onAnswer: (answer: FactorAnswer) => void;
  /** Has a code sent to the phone. */
  onSend: () => Promise<unknown>;
}

type Way = FactorChallenge['methods'][number];

const words: Record<Way, string> = {
  passkey: 'Use a passkey',
  totp: 'Use a code of the app',
  sms: 'Use a code by SMS',
  recovery: 'Use a recovery code',
};

/** Answers a challenge in one of the ways that the account has. */
export function FactorForm({ asked, busy, error, onAnswer, onSend }: FactorFormProps) {
  const [way, setWay] = useState<Way>(asked.methods[0] ?? 'totp');
  const [code, setCode] = useState('');
  const [failed, setFailed] = useState<string | null>(null);
  const [sent, setSent] = useState(false);
  const others = asked.methods.filter((one) => one !== way);

  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (way !== 'passkey') onAnswer({ kind: way, code });
  };
  const showPasskey = async (): Promise<void> => {
    setFailed(null);
    try {
      const optionsJSON = asked.passkey as unknown as PublicKeyCredentialRequestOptionsJSON;
      const response = await startAuthentication({ optionsJSON });
      onAnswer({ kind: 'passkey', response: { ...response, clientExtensionResults: {} } });
    } catch {
      setFailed('The browser gave no passkey. Try again, or choose another way.');
    }
  };
  const choose = (next: Way): void => {
    setWay(next);
    setCode('');
    setFailed(null);
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        {Boolean(error) && <ProblemPanel title="That was not accepted" error={error} />}
        {failed && <p role="alert">{failed}</p>}
        {way === 'totp' && (
          <TextInput
            label="Code"
            description="Six digits, from your authenticator app"
            inputMode="numeric"
            autoComplete="one-time-code"
            maxLength={7}
            required
            autoFocus
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
          />
        )}
        {way === 'sms' && (
          <SmsCode onSend={onSend} onSent={() => setSent(true)} code={code} onChange={setCode} />
        )}
        {way === 'recovery' && (
          <TextInput
            label="Recovery code"
            description="One of the ten that you have kept. It works once."
            autoComplete="off"
            maxLength={60}
            required
            autoFocus
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
          />
        )}
        {way === 'passkey' && (
          <Button
            size="md"
            fullWidth
            loading={busy}
            leftSection={<IconFingerprint size={20} />}
            onClick={() => void showPasskey()}
            autoFocus
          >
            Use a passkey
          </Button>
        )}
        {way !== 'passkey' && (way !== 'sms' || sent) && (
          <Button type="submit" size="md" fullWidth loading={busy} disabled={code === ''}>
            Confirm
          </Button>
        )}
        {others.map((other) => (
          <Button key={other} variant="subtle" size="compact-sm" onClick={() => choose(other)}>
            {words[other]}
          </Button>
        ))}
      </Stack>
    </form>
  );
}
