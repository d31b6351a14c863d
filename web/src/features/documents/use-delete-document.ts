import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';
import { documentsKey } from './documents-query.ts';

/** Removes a document with its passages; answers given earlier show their sources as deleted. */
export function useDeleteDocument(tenantId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (documentId: string) =>
      unwrap(
        api.DELETE('/api/tenants/{tenantId}/documents/{documentId}', {
          params: { path: { tenantId, documentId } },
        }),
      ),
    onSuccess: (_nothing, documentId) => {
      queryClient.removeQueries({ queryKey: [...documentsKey(tenantId), documentId] });
      return queryClient.invalidateQueries({ queryKey: documentsKey(tenantId), exact: true });
    },
  });
}
