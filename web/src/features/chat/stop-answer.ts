import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';

/** Ends an answer where it is; its stream then says `done`. */
export function stopAnswer(path: {
  tenantId: string;
  conversationId: string;
  messageId: string;
}): Promise<unknown> {
  return unwrap(
    api.POST('/api/tenants/{tenantId}/conversations/{conversationId}/messages/{messageId}/stop', {
      params: { path },
    }),
  );
}
