import { queryOptions } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';

/** Who has what in the tenant; each look is in the audit log, so it is taken once. */
export function accessReviewQuery(tenantId: string) {
  return queryOptions({
    queryKey: ['tenant', tenantId, 'access-review'],
    queryFn: () =>
      unwrap(api.GET('/api/tenants/{tenantId}/access-review', { params: { path: { tenantId } } })),
    refetchOnWindowFocus: false,
  });
}
