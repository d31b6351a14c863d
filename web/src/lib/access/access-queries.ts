import { queryOptions } from '@tanstack/react-query';
import { api } from '../api/client.ts';
import { unwrap } from '../api/unwrap.ts';

/** The custom roles of a tenant, and what one can be composed of. */
export function customRolesQuery(tenantId: string) {
  return queryOptions({
    queryKey: ['tenant', tenantId, 'roles'],
    queryFn: () =>
      unwrap(api.GET('/api/tenants/{tenantId}/roles', { params: { path: { tenantId } } })),
  });
}

/** The access level that each feature needs in a tenant. */
export function featureLevelsQuery(tenantId: string) {
  return queryOptions({
    queryKey: ['tenant', tenantId, 'levels'],
    queryFn: () =>
      unwrap(api.GET('/api/tenants/{tenantId}/levels', { params: { path: { tenantId } } })),
  });
}
