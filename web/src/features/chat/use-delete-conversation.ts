import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';
import { conversationsKey } from './conversations-query.ts';

/** Deletes a conversation with its questions and answers. */
export function useDeleteConversation(tenantId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (conversationId: string) =>
      unwrap(
        api.DELETE('/api/tenants/{tenantId}/conversations/{conversationId}', {
          params: { path: { tenantId, conversationId } },
        }),
      ),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: conversationsKey(tenantId) }),
  });
}
