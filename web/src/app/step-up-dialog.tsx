import { Button, Modal, Title } from '@mantine/core';
import { useSyncExternalStore } from 'react';
import { stepUp } from '../lib/session/session.ts';
import { ShowFactor } from './show-factor.tsx';

/** Opens when a call needs a fresh second factor; the call then goes on by itself. */
export function StepUpDialog() {
  const asked = useSyncExternalStore(stepUp.subscribe, stepUp.isAsked);
  if (!asked) return null;
  return (
    <Modal
      opened
      onClose={() => stepUp.settle(false)}
      withCloseButton={false}
      aria-labelledby="step-up"
      centered
      zIndex={400}
    >
      {/* It may open over another dialog: its head is no second banner of the page. */}
      <Title order={2} size="h4" id="step-up">
        Show your second factor again
      </Title>
      <p>What you are about to do weighs much, so it needs a factor that was shown just now.</p>
      <ShowFactor onShown={() => stepUp.settle(true)} />
      <Button
        variant="subtle"
        size="compact-sm"
        mt="md"
        fullWidth
        onClick={() => stepUp.settle(false)}
      >
        Not now
      </Button>
    </Modal>
  );
}
