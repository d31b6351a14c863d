import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';
import type { Conversation } from '../../lib/api/types.ts';
import { conversationKey } from './conversation-query.ts';
import { conversationsKey } from './conversations-query.ts';

/** Gives a conversation another title. */
export function useRenameConversation(tenantId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ conversationId, title }: { conversationId: string; title: string }) =>
      unwrap(
        api.PATCH('/api/tenants/{tenantId}/conversations/{conversationId}', {
          params: { path: { tenantId, conversationId } },
          body: { title },
        }),
      ),
    onSuccess: (_item, { conversationId, title }) => {
      queryClient.setQueryData<Conversation>(
        conversationKey(tenantId, conversationId),
        (old) => old && { ...old, title },
      );
      return queryClient.invalidateQueries({ queryKey: conversationsKey(tenantId) });
    },
  });
}
