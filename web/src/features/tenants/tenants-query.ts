import { queryOptions } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';

/** Every tenant of the appliance, for platform administrators. */
export function tenantsQuery() {
  return queryOptions({
    queryKey: ['tenants'],
    queryFn: () => unwrap(api.GET('/api/tenants')),
    refetchInterval: (query) =>
      query.state.data?.items.some((tenant) => tenant.state === 'provisioning') ? 1000 : false,
  });
}
