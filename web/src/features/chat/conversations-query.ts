import { infiniteQueryOptions } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';

export const conversationsKey = (tenantId: string) =>
  ['tenant', tenantId, 'conversations'] as const;

/** The person's conversations in a tenant, the latest first. */
export function conversationsQuery(tenantId: string) {
  return infiniteQueryOptions({
    queryKey: conversationsKey(tenantId),
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET('/api/tenants/{tenantId}/conversations', {
          params: {
            path: { tenantId },
            query: { limit: 30, ...(pageParam && { after: pageParam }) },
          },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
  });
}
