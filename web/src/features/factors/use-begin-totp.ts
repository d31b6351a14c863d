import { useMutation } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';

/** Asks for a new key of an authenticator app. */
export function useBeginTotp() {
  return useMutation({
    mutationFn: (name: string) => unwrap(api.POST('/api/me/factors/totp', { body: { name } })),
  });
}
