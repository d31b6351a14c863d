import { useMutation, useQuery } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';
import { keepNext } from './kept-next.ts';

/** The connections by which somebody with this address may come in; null: those for everybody. */
export function useWays(email: string | null) {
  const domain = email?.split('@')[1]?.toLowerCase() ?? null;
  return useQuery({
    // What is asked for is the domain: one answer for all its addresses.
    queryKey: ['ways', domain],
    queryFn: () => unwrap(api.POST('/api/session/ways', { body: { email } })),
    enabled: email === null || /^[^@\s]+@[^@\s.]+\.[^@\s]{2,}$/.test(email),
    staleTime: 60_000,
    retry: false,
  });
}

/** Leaves for the provider, and remembers where the person wanted to be. */
export function useBeginSso(next: string) {
  return useMutation({
    mutationFn: (connection: string) =>
      unwrap(api.POST('/api/session/sso', { body: { connection } })),
    onSuccess: ({ url }) => {
      keepNext(next);
      window.location.assign(url);
    },
  });
}
