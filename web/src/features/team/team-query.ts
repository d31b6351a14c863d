import { queryOptions } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';

/** The people of a tenant and its open invitations. */
export function teamQuery(tenantId: string) {
  return queryOptions({
    queryKey: ['team', tenantId],
    queryFn: () =>
      unwrap(api.GET('/api/tenants/{tenantId}/team', { params: { path: { tenantId } } })),
    // A mail that waits is sent in a moment.
    refetchInterval: (query) =>
      query.state.data?.invitations.some(({ mail }) => mail === 'waiting') ? 2_000 : false,
  });
}
