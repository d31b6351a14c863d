import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';
import { keeper } from '../../lib/session/session.ts';

/** Signs in with the password of a directory that the server asks. */
export function useDirectorySignIn() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: { connection: string; email: string; password: string }) =>
      unwrap(api.POST('/api/session/directory', { body })),
    onSuccess: (outcome) => {
      if (!('accessToken' in outcome)) return;
      queryClient.clear();
      keeper.accept(outcome);
    },
  });
}
