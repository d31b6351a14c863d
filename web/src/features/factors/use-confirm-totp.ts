import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';

/** Makes a new app count. The recovery codes that come with the first are in the answer alone. */
export function useConfirmTotp() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ id, code }: { id: string; code: string }) =>
      unwrap(
        api.POST('/api/me/factors/totp/{factor}/confirm', {
          params: { path: { factor: id } },
          body: { code },
        }),
      ),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['me', 'factors'] }),
  });
}
