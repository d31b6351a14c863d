import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';
import { documentsKey } from './documents-query.ts';

/** Reads a document again that could not be read the first time. */
export function useRetryDocument(tenantId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (documentId: string) =>
      unwrap(
        api.POST('/api/tenants/{tenantId}/documents/{documentId}/retry', {
          params: { path: { tenantId, documentId } },
          body: {},
        }),
      ),
    onSettled: () => queryClient.invalidateQueries({ queryKey: documentsKey(tenantId) }),
  });
}
