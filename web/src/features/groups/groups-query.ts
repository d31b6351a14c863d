import { queryOptions } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';

/** The groups of a tenant, as its administrators see them. */
export function groupsQuery(tenantId: string) {
  return queryOptions({
    queryKey: ['groups', tenantId],
    queryFn: () =>
      unwrap(api.GET('/api/tenants/{tenantId}/groups', { params: { path: { tenantId } } })),
  });
}

export function groupQuery(tenantId: string, groupId: string) {
  const path = { tenantId, groupId };
  return queryOptions({
    queryKey: ['groups', tenantId, groupId],
    queryFn: () =>
      unwrap(api.GET('/api/tenants/{tenantId}/groups/{groupId}', { params: { path } })),
  });
}

/** Whom one can put into a group: the people of the tenant. */
export function peopleQuery(tenantId: string) {
  return queryOptions({
    queryKey: ['team', tenantId],
    queryFn: () =>
      unwrap(api.GET('/api/tenants/{tenantId}/team', { params: { path: { tenantId } } })),
  });
}
