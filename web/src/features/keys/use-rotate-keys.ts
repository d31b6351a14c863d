import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';
import { announce } from '../../ui/announce.ts';
import { keysKey } from './keys-query.ts';
import type { RotationKind } from './rotation-words.ts';

/** Asks for a rotation; it runs in the background. */
export function useRotateKeys(owner: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (kind: RotationKind) =>
      unwrap(
        api.POST('/api/platform/keys/{owner}/rotations', {
          params: { path: { owner } },
          body: { kind },
        }),
      ),
    onSuccess: () => {
      announce('The rotation was asked for');
      return queryClient.invalidateQueries({ queryKey: keysKey });
    },
  });
}
