import { queryOptions } from '@tanstack/react-query';
import { api } from '../api/client.ts';
import { unwrap } from '../api/unwrap.ts';

/** A stored passage with its neighbouring text; it never changes once it is made. */
export function passageQuery(tenantId: string, chunkId: string) {
  return queryOptions({
    queryKey: ['tenant', tenantId, 'passage', chunkId],
    queryFn: () =>
      unwrap(
        api.GET('/api/tenants/{tenantId}/passages/{chunkId}', {
          params: { path: { tenantId, chunkId } },
        }),
      ),
    staleTime: Infinity,
  });
}
