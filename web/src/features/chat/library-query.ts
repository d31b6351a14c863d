import { queryOptions } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';

/** A glance at the tenant's documents: how many there are. */
export function libraryQuery(tenantId: string) {
  return queryOptions({
    queryKey: ['tenant', tenantId, 'library'],
    queryFn: () =>
      unwrap(
        api.GET('/api/tenants/{tenantId}/documents', {
          params: { path: { tenantId }, query: { limit: 1 } },
        }),
      ),
    // Uploads change it from another page, so each visit looks again.
    staleTime: 0,
  });
}
