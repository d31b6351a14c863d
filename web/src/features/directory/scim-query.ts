import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';

/** Where the directory speaks to this server, with which tokens, and what came. */
export function scimQuery(tenantId: string) {
  return queryOptions({
    queryKey: ['scim', tenantId],
    queryFn: () =>
      unwrap(api.GET('/api/tenants/{tenantId}/scim', { params: { path: { tenantId } } })),
    refetchInterval: 15_000,
  });
}

export interface TokenWish {
  name: string;
  expiresInDays: number;
  addresses: string[];
}

/** Makes a token; its answer is the only one that holds it. */
export function useMakeToken(tenantId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: TokenWish) =>
      unwrap(
        api.POST('/api/tenants/{tenantId}/scim/tokens', { params: { path: { tenantId } }, body }),
      ),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['scim', tenantId] }),
  });
}

export function useRevokeToken(tenantId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (keyId: string) =>
      unwrap(
        api.DELETE('/api/tenants/{tenantId}/api-keys/{keyId}', {
          params: { path: { tenantId, keyId } },
        }),
      ),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['scim', tenantId] }),
  });
}
