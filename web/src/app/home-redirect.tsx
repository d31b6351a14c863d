import { Navigate } from 'react-router';
import { useSession } from '../lib/session/use-session.ts';
import { lastTenant } from './last-tenant.ts';

/** Home is the tenant one was in last; without any tenant, the page that makes or explains the first. */
export function HomeRedirect() {
  const { tenants } = useSession();
  const last = lastTenant.read();
  const home = tenants.find((tenant) => tenant.id === last) ?? tenants[0];
  return <Navigate to={home ? `/t/${home.id}` : '/welcome'} replace />;
}
