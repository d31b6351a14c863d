import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';
import { keeper } from '../../lib/session/session.ts';

/** The second step of signing in by an administrator's link: every factor goes. */
export function useResetLink() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: { challenge: string; link: string }) =>
      unwrap(api.POST('/api/session/reset', { body })),
    onSuccess: (session) => {
      queryClient.clear();
      keeper.accept(session);
    },
  });
}
