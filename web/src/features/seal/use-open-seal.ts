import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';

/** Gives key shares; the answer says whether they were enough. */
export function useOpenSeal(tenantId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (shares: string[]) =>
      unwrap(
        api.POST('/api/tenants/{tenantId}/seal/open', {
          params: { path: { tenantId } },
          body: { shares },
        }),
      ),
    // Nothing of a mutation is kept: its variables are key shares.
    gcTime: 0,
    onSuccess: (seal) => queryClient.setQueryData(['seal', tenantId], seal),
  });
}
