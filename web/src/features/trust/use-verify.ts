import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';
import { announce } from '../../ui/announce.ts';
import { trustKey } from './trust-query.ts';

/** Has every control verified now; the page then shows what was found. */
export function useVerify() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(api.POST('/api/platform/trust/runs')),
    onSuccess: (page) => {
      queryClient.setQueryData(trustKey, page);
      announce('The controls were verified');
    },
  });
}
