import { queryOptions } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';

export const conversationKey = (tenantId: string, conversationId: string) =>
  ['tenant', tenantId, 'conversation', conversationId] as const;

/** One conversation. The stream of an answer writes into it, so it is not fetched again by itself. */
export function conversationQuery(tenantId: string, conversationId: string) {
  return queryOptions({
    queryKey: conversationKey(tenantId, conversationId),
    queryFn: () =>
      unwrap(
        api.GET('/api/tenants/{tenantId}/conversations/{conversationId}', {
          params: { path: { tenantId, conversationId } },
        }),
      ),
    staleTime: Infinity,
    // Left and opened again, it is read anew: sources may have been deleted since.
    gcTime: 0,
    refetchOnReconnect: false,
  });
}
