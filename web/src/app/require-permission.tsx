import { IconLock } from '@tabler/icons-react';
import { Outlet, useParams } from 'react-router';
import { useSession } from '../lib/session/use-session.ts';
import { EmptyState } from '../ui/empty-state.tsx';

/** Shows a page to whoever may use it. The server refuses the others whatever is shown. */
export function RequirePermission({ permission }: { permission: string }) {
  const { tenantId = '' } = useParams();
  const tenant = useSession().tenants.find(({ id }) => id === tenantId);
  if (!tenant || tenant.permissions.includes(permission)) return <Outlet />;
  return (
    <EmptyState
      level={1}
      icon={<IconLock size={26} />}
      title="This page is not for you yet"
      text={`Your role or your access level (${tenant.level}) does not allow it here. Ask an administrator of the tenant.`}
    />
  );
}
