import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import type { Tenant } from '../../lib/api/types.ts';
import { unwrap } from '../../lib/api/unwrap.ts';
import { reloadMemberships } from '../../lib/session/reload-memberships.ts';

export type TenantChange =
  { verb: 'suspend' | 'resume' | 'retry' } | { verb: 'rename' | 'delete'; name: string };

/** Changes one tenant; the list and one's own memberships follow. */
export function useChangeTenant(tenantId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (change: TenantChange): Promise<Tenant> => send(tenantId, change),
    onSuccess: () => {
      void reloadMemberships().catch(() => undefined);
      return queryClient.invalidateQueries({ queryKey: ['tenants'] });
    },
  });
}

function send(tenantId: string, change: TenantChange): Promise<Tenant> {
  const path = { tenantId };
  switch (change.verb) {
    case 'suspend':
      return unwrap(api.POST('/api/tenants/{tenantId}/suspend', { params: { path } }));
    case 'resume':
      return unwrap(api.POST('/api/tenants/{tenantId}/resume', { params: { path } }));
    case 'retry':
      return unwrap(api.POST('/api/tenants/{tenantId}/retry', { params: { path } }));
    case 'rename':
      return unwrap(
        api.PATCH('/api/tenants/{tenantId}', { params: { path }, body: { name: change.name } }),
      );
    case 'delete':
      return unwrap(
        api.DELETE('/api/tenants/{tenantId}', { params: { path, query: { name: change.name } } }),
      );
  }
}
