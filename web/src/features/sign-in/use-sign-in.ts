import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';
import { keeper } from '../../lib/session/session.ts';

/**
 * Starts a session, or gets the question for a second factor; what an earlier account has read in this tab
 * is dropped with the new session.
 */
export function useSignIn() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: { email: string; password: string }) =>
      unwrap(api.POST('/api/session', { body })),
    onSuccess: (outcome) => {
      if (!('accessToken' in outcome)) return;
      queryClient.clear();
      keeper.accept(outcome);
    },
  });
}
