import { Anchor } from '@mantine/core';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import type { Tenant } from '../../lib/api/types.ts';
import { reloadMemberships } from '../../lib/session/reload-memberships.ts';
import { useSession } from '../../lib/session/use-session.ts';
import { GatePage } from '../../ui/gate-page.tsx';
import { CreateTenantForm } from './create-tenant-form.tsx';
import { ProvisioningProgress } from './provisioning-progress.tsx';

/** For a person without a tenant: an administrator makes one, everybody else learns whom to ask. */
export function FirstTenantPage() {
  const { account, tenants } = useSession();
  const navigate = useNavigate();
  const [made, setMade] = useState<Tenant | null>(null);

  if (account.platformRole !== 'super_admin') {
    return (
      <GatePage
        title="You are in no tenant yet"
        lead="Your account works, but nobody has added it to a tenant. Ask the administrator of yours to invite you."
      />
    );
  }
  const open = async (tenant: Tenant, page = '/documents'): Promise<void> => {
    await reloadMemberships().catch(() => undefined);
    void navigate(`/t/${tenant.id}${page}`, { replace: true });
  };
  // One that holds its own seal is built when its key holder has opened it.
  const begin = (tenant: Tenant): Promise<void> | void =>
    tenant.tier === 'sealed' ? open(tenant, '') : setMade(tenant);
  return (
    <GatePage
      wide
      title={tenants.length === 0 ? 'Make the first tenant' : 'Make a tenant'}
      lead="Each tenant lives in a chamber of its own: its own database schema, its own key, its own documents. Nothing passes from one to another."
    >
      {made ? (
        <ProvisioningProgress tenantId={made.id} onReady={(tenant) => void open(tenant)} />
      ) : (
        <CreateTenantForm onCreated={(tenant) => void begin(tenant)} />
      )}
      {!made && (
        <p>
          Or look at the{' '}
          <Anchor component={Link} to="/platform/status" underline="always">
            state of the platform
          </Anchor>{' '}
          first.
        </p>
      )}
    </GatePage>
  );
}
