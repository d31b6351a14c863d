import { Button, Modal, TextInput, Title } from '@mantine/core';
import { browserSupportsWebAuthn } from '@simplewebauthn/browser';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { OwnFactor } from '../../lib/api/types.ts';
import { reloadMemberships } from '../../lib/session/reload-memberships.ts';
import { passkeyProblem } from '../../ui/passkey-problem.ts';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { RowsSkeleton } from '../../ui/rows-skeleton.tsx';
import { deviceName } from './device-name.ts';
import { FactorRows } from './factor-rows.tsx';
import classes from './factors.module.css';
import { PhoneSetup } from './phone-setup.tsx';
import { ownFactorsQuery } from './own-factors-query.ts';
import { RecoveryCodes } from './recovery-codes.tsx';
import { RecoverySection } from './recovery-section.tsx';
import { RemoveFactorDialog } from './remove-factor-dialog.tsx';
import { TotpSetup } from './totp-setup.tsx';
import { useAddPasskey } from './use-add-passkey.ts';

/** One's second factors: what there is, one more, one less, and the codes for when all are lost. */
export function FactorsSection() {
  const own = useQuery(ownFactorsQuery);
  const passkey = useAddPasskey();
  const [name, setName] = useState(deviceName());
  const [adding, setAdding] = useState<string | null>(null);
  const [phone, setPhone] = useState<string | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  const [removing, setRemoving] = useState<OwnFactor | null>(null);

  if (own.isPending) return <RowsSkeleton label="Your second factors are being read" />;
  if (own.error)
    return (
      <ProblemPanel
        title="Your second factors could not be read"
        error={own.error}
        onRetry={() => void own.refetch()}
      />
    );
  const onDone = (made: string[] | null): void => {
    setAdding(null);
    setPhone(null);
    setCodes(made);
    if (!made) void reloadMemberships();
  };
  const { factors, recoveryCodes, required, passkeys, phones } = own.data;
  return (
    <>
      <section className={classes.section} aria-labelledby="factors">
        <Title order={2} id="factors">
          Second factors
        </Title>
        <p>
          {required
            ? 'Your role needs one. A second one, on another device, saves you when the first is lost.'
            : 'With one, a stolen password alone opens nothing.'}
        </p>
        <FactorRows factors={factors} onRemove={setRemoving} />
        <div className={classes.actions}>
          <TextInput
            label="Name of the new factor"
            maxLength={60}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Button disabled={name.trim() === ''} onClick={() => setAdding(name.trim())}>
            Add an authenticator app
          </Button>
          {passkeys && browserSupportsWebAuthn() && (
            <Button
              variant="default"
              disabled={name.trim() === ''}
              loading={passkey.isPending}
              onClick={() =>
                passkey.mutate(name.trim(), {
                  onSuccess: (added) => onDone(added.recoveryCodes),
                })
              }
            >
              Add a passkey
            </Button>
          )}
          {phones && (
            <Button
              variant="default"
              disabled={name.trim() === ''}
              onClick={() => setPhone(name.trim())}
            >
              Add a phone
            </Button>
          )}
        </div>
        {passkey.error && (
          <ProblemPanel title="No passkey was made" error={passkeyProblem(passkey.error)} />
        )}
      </section>
      {factors.length > 0 && <RecoverySection left={recoveryCodes} onMade={setCodes} />}
      {adding !== null && (
        <Modal
          opened
          onClose={() => setAdding(null)}
          title="A new authenticator app"
          centered
          closeButtonProps={{ 'aria-label': 'Close' }}
        >
          <TotpSetup name={adding} onDone={onDone} />
        </Modal>
      )}
      {phone !== null && (
        <Modal
          opened
          onClose={() => setPhone(null)}
          title="A phone that gets codes"
          centered
          closeButtonProps={{ 'aria-label': 'Close' }}
        >
          <PhoneSetup name={phone} onDone={onDone} />
        </Modal>
      )}
      {codes && (
        <Modal
          opened
          onClose={() => undefined}
          withCloseButton={false}
          title="Your recovery codes"
          size="lg"
          centered
        >
          <RecoveryCodes
            codes={codes}
            onKept={() => {
              setCodes(null);
              void reloadMemberships();
            }}
          />
        </Modal>
      )}
      {removing && <RemoveFactorDialog factor={removing} onClose={() => setRemoving(null)} />}
    </>
  );
}
