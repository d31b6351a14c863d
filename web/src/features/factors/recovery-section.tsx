import { Button, Title } from '@mantine/core';
import { useState } from 'react';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import classes from './factors.module.css';
import { useRenewRecoveryCodes } from './use-renew-recovery-codes.ts';

/** From here on it is time for new ones. */
const FEW = 3;

interface RecoverySectionProps {
  left: number;
  onMade: (codes: string[]) => void;
}

/** How many recovery codes are left, and ten new ones. */
export function RecoverySection({ left, onMade }: RecoverySectionProps) {
  const renew = useRenewRecoveryCodes();
  const [asking, setAsking] = useState(false);
  return (
    <section className={classes.section} aria-labelledby="recovery">
      <Title order={2} id="recovery">
        Recovery codes
      </Title>
      {left <= FEW && (
        <p className={classes.warn} role="status">
          {left === 0 ? 'None is left.' : `Only ${left} left.`} Make new ones before you need them.
        </p>
      )}
      <p>{left} of 10 are left. Each signs you in once when your second factor is lost.</p>
      <Button variant="default" onClick={() => setAsking(true)}>
        Make new recovery codes
      </Button>
      <ConfirmDialog
        opened={asking}
        title="Make new recovery codes?"
        action="Make new ones"
        busy={renew.isPending}
        error={renew.error}
        onClose={() => setAsking(false)}
        onConfirm={() =>
          renew.mutate(undefined, {
            onSuccess: ({ recoveryCodes }) => {
              setAsking(false);
              onMade(recoveryCodes);
            },
          })
        }
      >
        <p>The codes that you have now will open nothing any more.</p>
      </ConfirmDialog>
    </section>
  );
}
