import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import type { KeyWish } from '../../lib/api/types.ts';
import { unwrap } from '../../lib/api/unwrap.ts';

/** Makes a key of one's own, or of a service account; its answer is the only one that holds the key. */
export function useMakeKey(tenantId: string) {
  const reload = useReload(tenantId);
  return useMutation({
    mutationFn: ({ owner, ...body }: KeyWish & { owner: string | null }) =>
      owner === null
        ? unwrap(
            api.POST('/api/tenants/{tenantId}/api-keys', { params: { path: { tenantId } }, body }),
          )
        : unwrap(
            api.POST('/api/tenants/{tenantId}/service-accounts/{serviceAccountId}/api-keys', {
              params: { path: { tenantId, serviceAccountId: owner } },
              body,
            }),
          ),
    onSuccess: reload,
  });
}

export function useRevokeKey(tenantId: string) {
  const reload = useReload(tenantId);
  return useMutation({
    mutationFn: (keyId: string) =>
      unwrap(
        api.DELETE('/api/tenants/{tenantId}/api-keys/{keyId}', {
          params: { path: { tenantId, keyId } },
        }),
      ),
    onSuccess: reload,
  });
}

export function useMakeServiceAccount(tenantId: string) {
  const reload = useReload(tenantId);
  return useMutation({
    mutationFn: (body: { name: string; role: 'member' | 'reviewer' | 'admin' }) =>
      unwrap(
        api.POST('/api/tenants/{tenantId}/service-accounts', {
          params: { path: { tenantId } },
          body,
        }),
      ),
    onSuccess: reload,
  });
}

export function useDeleteServiceAccount(tenantId: string) {
  const reload = useReload(tenantId);
  return useMutation({
    mutationFn: (serviceAccountId: string) =>
      unwrap(
        api.DELETE('/api/tenants/{tenantId}/service-accounts/{serviceAccountId}', {
          params: { path: { tenantId, serviceAccountId } },
        }),
      ),
    onSuccess: reload,
  });
}

/** Both lists: ending an account ends its keys. */
function useReload(tenantId: string): () => Promise<unknown> {
  const queryClient = useQueryClient();
  return () =>
    Promise.all(
      ['api-keys', 'service-accounts'].map((what) =>
        queryClient.invalidateQueries({ queryKey: ['tenant', tenantId, what] }),
      ),
    );
}
