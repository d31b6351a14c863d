import { Button, Stack } from '@mantine/core';
import { IconDeviceMobile, IconFingerprint } from '@tabler/icons-react';
import { browserSupportsWebAuthn } from '@simplewebauthn/browser';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { reloadMemberships } from '../../lib/session/reload-memberships.ts';
import { GatePage } from '../../ui/gate-page.tsx';
import { passkeyProblem } from '../../ui/passkey-problem.ts';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { deviceName } from './device-name.ts';
import { ownFactorsQuery } from './own-factors-query.ts';
import { RecoveryCodes } from './recovery-codes.tsx';
import { TotpSetup } from './totp-setup.tsx';
import { useAddPasskey } from './use-add-passkey.ts';

/** Before anything else: whose role needs a second factor sets one up. */
export function FactorGate({ onSignOut }: { onSignOut: () => void }) {
  const [app, setApp] = useState(false);
  const [codes, setCodes] = useState<string[] | null>(null);
  const passkey = useAddPasskey();
  const own = useQuery(ownFactorsQuery);
  const open = (): void => void reloadMemberships();
  const onDone = (made: string[] | null): void => (made ? setCodes(made) : open());

  if (codes)
    return (
      <GatePage wide title="Your recovery codes" lead="For the day on which your phone is gone.">
        <RecoveryCodes codes={codes} onKept={open} />
      </GatePage>
    );
  return (
    <GatePage
      title="Set up a second factor"
      lead="Your role or your organisation needs more than a password. Set this up once; afterwards you go on where you were."
    >
      {app ? (
        <TotpSetup name={deviceName()} onDone={onDone} />
      ) : (
        <Stack>
          <Button
            size="md"
            leftSection={<IconDeviceMobile size={20} />}
            onClick={() => setApp(true)}
          >
            Use an authenticator app
          </Button>
          {browserSupportsWebAuthn() && own.data?.passkeys === true && (
            <Button
              size="md"
              variant="default"
              leftSection={<IconFingerprint size={20} />}
              loading={passkey.isPending}
              onClick={() =>
                passkey.mutate(deviceName(), {
                  onSuccess: ({ recoveryCodes }) => onDone(recoveryCodes),
                })
              }
            >
              Use a passkey
            </Button>
          )}
          {passkey.error && (
            <ProblemPanel title="No passkey was made" error={passkeyProblem(passkey.error)} />
          )}
        </Stack>
      )}
      <Button variant="subtle" size="compact-sm" mt="md" fullWidth onClick={onSignOut}>
        Sign out
      </Button>
    </GatePage>
  );
}
