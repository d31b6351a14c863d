import { infiniteQueryOptions } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';
import type { StoredDocument } from '../../lib/api/types.ts';

const moving = new Set<StoredDocument['state']>(['queued', 'parsing', 'embedding']);

export const documentsKey = (tenantId: string) => ['tenant', tenantId, 'documents'] as const;

/** The documents of a tenant, newest first, asked for again while one is still being read. */
export function documentsQuery(tenantId: string) {
  return infiniteQueryOptions({
    queryKey: documentsKey(tenantId),
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET('/api/tenants/{tenantId}/documents', {
          params: {
            path: { tenantId },
            query: { limit: 50, ...(pageParam && { after: pageParam }) },
          },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.items.some((item) => moving.has(item.state)))
        ? 1000
        : false,
  });
}
