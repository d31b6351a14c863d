import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';
import { reloadMemberships } from '../../lib/session/reload-memberships.ts';

export function useCloseSeal(tenantId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () =>
      unwrap(
        api.POST('/api/tenants/{tenantId}/seal/close', {
          params: { path: { tenantId } },
          body: {},
        }),
      ),
    onSuccess: async () => {
      // What was read of the tenant goes from this browser's memory as well.
      queryClient.clear();
      await reloadMemberships();
    },
  });
}
