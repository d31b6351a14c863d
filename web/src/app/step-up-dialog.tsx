import { Button, Modal } from '@mantine/core';
import { useSyncExternalStore } from 'react';
import { stepUp } from '../lib/session/session.ts';
import { ShowFactor } from './show-factor.tsx';

/** Opens when a call needs a fresh second factor; the call then goes on by itself. */
export function StepUpDialog() {
  const asked = useSyncExternalStore(stepUp.subscribe, stepUp.isAsked);
  if (!asked) return null;
  return (
    <Modal.Root opened onClose={() => stepUp.settle(false)} centered zIndex={400}>
      <Modal.Overlay />
      <Modal.Content>
        <Modal.Body>
          {/* It may open over another dialog: without a head there is no second banner of the page. */}
          <Modal.Title component="h2">Show your second factor again</Modal.Title>
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
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
