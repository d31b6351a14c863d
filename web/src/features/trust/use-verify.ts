import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';
import { announce } from '../../ui/announce.ts';
import { trustKey } from './trust-query.ts';

/** Begins a verification of every control; the page shows when it has ended. */
export function useVerify() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(api.POST('/api/platform/trust/runs')),
    onSuccess: () => {
      announce('The controls are being verified');
      return queryClient.invalidateQueries({ queryKey: trustKey });
    },
  });
}
