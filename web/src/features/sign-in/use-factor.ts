import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import type { FactorAnswer } from '../../lib/api/types.ts';
import { unwrap } from '../../lib/api/unwrap.ts';
import { keeper } from '../../lib/session/session.ts';

/** Has a code sent to the phone of whoever is signing in. */
export function sendFactorCode(challenge: string): Promise<unknown> {
  return unwrap(api.POST('/api/session/factor/sms', { body: { challenge } }));
}

/** The second step of signing in. */
export function useFactor() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: { challenge: string; answer: FactorAnswer }) =>
      unwrap(api.POST('/api/session/factor', { body })),
    onSuccess: (session) => {
      queryClient.clear();
      keeper.accept(session);
    },
  });
}
