import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';

/** Takes a factor away; the server asks for a fresh one first. */
export function useRemoveFactor() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (factor: string) =>
      unwrap(api.DELETE('/api/me/factors/{factor}', { params: { path: { factor } } })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['me', 'factors'] }),
  });
}
