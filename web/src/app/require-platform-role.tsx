import { Button } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { Suspense } from 'react';
import { Link, Outlet } from 'react-router';
import { useSession } from '../lib/session/use-session.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { OpeningPage } from './opening-page.tsx';

/** Lets platform administrators through; the server refuses everybody else on its own. */
export function RequirePlatformRole() {
  if (useSession().account.platformRole === 'super_admin') {
    return (
      <Suspense fallback={<OpeningPage />}>
        <Outlet />
      </Suspense>
    );
  }
  return (
    <EmptyState
      level={1}
      icon={<IconLock size={26} />}
      title="For platform administrators"
      text="This page looks after the whole appliance. Your account has no part in that."
    >
      <Button component={Link} to="/" variant="default">
        Back
      </Button>
    </EmptyState>
  );
}
