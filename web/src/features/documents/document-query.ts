import { queryOptions } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';
import { documentsKey } from './documents-query.ts';

/** One document with its outline. */
export function documentQuery(tenantId: string, documentId: string) {
  return queryOptions({
    queryKey: [...documentsKey(tenantId), documentId],
    queryFn: () =>
      unwrap(
        api.GET('/api/tenants/{tenantId}/documents/{documentId}', {
          params: { path: { tenantId, documentId } },
        }),
      ),
    refetchInterval: ({ state: { data } }) =>
      data && data.state !== 'ready' && data.state !== 'failed' ? 1000 : false,
  });
}
