import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';

/** Ten new recovery codes, shown this once; the old ones end. */
export function useRenewRecoveryCodes() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(api.POST('/api/me/recovery-codes')),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['me', 'factors'] }),
  });
}
