import { queryOptions } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';

/** The keys of the tenant that one may see; never a key itself. */
export function apiKeysQuery(tenantId: string) {
  return queryOptions({
    queryKey: ['tenant', tenantId, 'api-keys'],
    queryFn: () =>
      unwrap(api.GET('/api/tenants/{tenantId}/api-keys', { params: { path: { tenantId } } })),
  });
}

export function serviceAccountsQuery(tenantId: string, enabled: boolean) {
  return queryOptions({
    queryKey: ['tenant', tenantId, 'service-accounts'],
    queryFn: () =>
      unwrap(
        api.GET('/api/tenants/{tenantId}/service-accounts', { params: { path: { tenantId } } }),
      ),
    enabled,
  });
}
