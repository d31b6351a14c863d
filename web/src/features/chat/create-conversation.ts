import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';
import type { ConversationItem } from '../../lib/api/types.ts';

/** Opens an empty conversation; its title comes with the first answer. */
export function createConversation(tenantId: string): Promise<ConversationItem> {
  return unwrap(
    api.POST('/api/tenants/{tenantId}/conversations', { params: { path: { tenantId } }, body: {} }),
  );
}
