import { Button } from '@mantine/core';
import { Suspense, lazy } from 'react';
import { Outlet } from 'react-router';
import { useSignOut } from '../features/sign-in/use-sign-out.ts';
import { reloadMemberships } from '../lib/session/reload-memberships.ts';
import { useSession } from '../lib/session/use-session.ts';
import { GatePage } from '../ui/gate-page.tsx';
import { OpeningPage } from './opening-page.tsx';
import { ShowFactor } from './show-factor.tsx';
import { StepUpDialog } from './step-up-dialog.tsx';

const FactorGate = lazy(async () => ({
  default: (await import('../features/factors/factor-gate.tsx')).FactorGate,
}));

/** Lets through whoever owes no second factor; others show one, or set one up. */
export function RequireFactor() {
  const { secondFactor } = useSession();
  const signOut = useSignOut();
  if (!secondFactor.due)
    return (
      <>
        <Outlet />
        <StepUpDialog />
      </>
    );
  if (!secondFactor.enrolled)
    return (
      <Suspense fallback={<OpeningPage />}>
        <FactorGate onSignOut={() => signOut.mutate()} />
      </Suspense>
    );
  return (
    <GatePage title="Your second factor" lead="This session has not shown one yet.">
      <ShowFactor onShown={() => void reloadMemberships()} />
      <Button variant="subtle" size="compact-sm" mt="md" fullWidth onClick={() => signOut.mutate()}>
        Sign out
      </Button>
    </GatePage>
  );
}
