import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';
import { platformLimitsQuery } from './platform-limits-query.ts';

export function useEndLockout() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (lockout: string) =>
      unwrap(api.POST('/api/platform/lockouts/{lockout}/end', { params: { path: { lockout } } })),
    // One that was over already is gone from the list too.
    onSettled: () => queryClient.invalidateQueries(platformLimitsQuery()),
  });
}
