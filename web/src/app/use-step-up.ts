import { useMutation, useQuery } from '@tanstack/react-query';
import { api } from '../lib/api/client.ts';
import type { FactorAnswer } from '../lib/api/types.ts';
import { unwrap } from '../lib/api/unwrap.ts';

/** A question for a factor in the session that runs; asked anew each time. */
export function useStepUpChallenge() {
  return useQuery({
    queryKey: ['me', 'step-up'],
    queryFn: () => unwrap(api.POST('/api/me/step-up/challenge')),
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
  });
}

export function useStepUpAnswer() {
  return useMutation({
    mutationFn: (body: { challenge: string; answer: FactorAnswer }) =>
      unwrap(api.POST('/api/me/step-up', { body })),
  });
}

/** Has a code sent to one's phone. */
export function sendStepUpCode(challenge: string): Promise<unknown> {
  return unwrap(api.POST('/api/me/step-up/sms', { body: { challenge } }));
}
