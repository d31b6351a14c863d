import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';

export interface Rotation {
  name: string;
  compromised: boolean;
}

/** Asks for a rotation; the provisioner begins within seconds, and the list shows how it goes. */
export function useRotateSecret() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ name, compromised }: Rotation) =>
      unwrap(
        api.POST('/api/platform/secrets/{name}/rotate', {
          params: { path: { name } },
          body: { compromised },
        }),
      ),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['platform', 'secrets'] }),
  });
}
