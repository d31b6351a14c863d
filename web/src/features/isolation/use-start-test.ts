import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';
import { announce } from '../../ui/announce.ts';
import { isolationKey } from './isolation-query.ts';

/** Begins an isolation test; the page shows how far it is. */
export function useStartTest() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(api.POST('/api/platform/isolation', { body: {} })),
    onSuccess: () => announce('The isolation test has begun'),
    onSettled: () => queryClient.invalidateQueries({ queryKey: isolationKey }),
  });
}
