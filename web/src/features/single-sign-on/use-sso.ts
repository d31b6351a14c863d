import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type { Owner } from './sso-api.ts';
import { listConnections, listDomains } from './sso-api.ts';

export function connectionsQuery(owner: Owner) {
  return queryOptions({
    queryKey: ['connections', owner],
    queryFn: () => listConnections(owner),
  });
}

export function domainsQuery(owner: Owner) {
  return queryOptions({ queryKey: ['email-domains', owner], queryFn: () => listDomains(owner) });
}

/** Does something to the connections or domains of an owner, and reads them anew. */
export function useSsoChange<Wish, Result>(
  owner: Owner,
  change: (owner: Owner, wish: Wish) => Promise<Result>,
) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (wish: Wish) => change(owner, wish),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['connections', owner] });
      await queryClient.invalidateQueries({ queryKey: ['email-domains', owner] });
      await queryClient.invalidateQueries({ queryKey: ['domain-claims'] });
    },
  });
}
