import { Button } from '@mantine/core';
import { IconBuildingFortress, IconLock } from '@tabler/icons-react';
import { Suspense, lazy, useEffect } from 'react';
import { Link, Outlet, useParams } from 'react-router';
import { reloadMemberships } from '../lib/session/reload-memberships.ts';
import { useSession } from '../lib/session/use-session.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { lastTenant } from './last-tenant.ts';
import { OpeningPage } from './opening-page.tsx';

const ProvisioningProgress = lazy(async () => ({
  default: (await import('../features/tenants/provisioning-progress.tsx')).ProvisioningProgress,
}));

const SealedTenant = lazy(async () => ({
  default: (await import('../features/seal/sealed-tenant.tsx')).SealedTenant,
}));

const SealWatch = lazy(async () => ({
  default: (await import('../features/seal/seal-watch.tsx')).SealWatch,
}));

const VisitBanner = lazy(async () => ({
  default: (await import('../features/visits/visit-banner.tsx')).VisitBanner,
}));

/** Lets the members of a tenant through to its pages. */
export function RequireTenant() {
  const { tenantId = '' } = useParams();
  const tenant = useSession().tenants.find(({ id }) => id === tenantId);
  const active = tenant?.state === 'active';
  useEffect(() => {
    if (active) lastTenant.write(tenantId);
  }, [active, tenantId]);

  if (active) {
    return (
      <Suspense fallback={<OpeningPage />} key={tenantId}>
        {tenant.tier === 'sealed' && <SealWatch tenantId={tenantId} />}
        <VisitBanner tenantId={tenantId} endsAt={tenant.visitEndsAt} />
        <Outlet />
      </Suspense>
    );
  }
  // One that holds its own seal waits for its key holder, at first and after every seal.
  if (
    tenant &&
    (tenant.state === 'sealed' || (tenant.tier === 'sealed' && tenant.state !== 'suspended'))
  ) {
    return (
      <Suspense fallback={<OpeningPage />}>
        <SealedTenant tenant={tenant} key={tenantId} />
      </Suspense>
    );
  }
  if (tenant?.state === 'provisioning' || tenant?.state === 'failed') {
    return (
      <Suspense fallback={<OpeningPage />}>
        <ProvisioningProgress tenantId={tenantId} onReady={() => void reloadMemberships()} />
      </Suspense>
    );
  }
  if (tenant) {
    return (
      <EmptyState
        level={1}
        icon={<IconLock size={26} />}
        title="This tenant is suspended"
        text="Nothing in it is lost, but it can't be used until a platform administrator opens it again."
      />
    );
  }
  return (
    <EmptyState
      level={1}
      icon={<IconBuildingFortress size={26} />}
      title="This tenant is closed to you"
      text="There is no such tenant, or you are not one of its people: ask its administrator to invite you. Or it takes single sign-on alone: then sign out, and sign in by your directory."
    >
      <Button component={Link} to="/" variant="default">
        To my own tenant
      </Button>
    </EmptyState>
  );
}
