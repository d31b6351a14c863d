import { queryOptions } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import type { Seal } from '../../lib/api/types.ts';
import { unwrap } from '../../lib/api/unwrap.ts';

/** The seal of a tenant that holds its own, looked at again while something is under way. */
export function sealQuery(tenantId: string) {
  return queryOptions({
    queryKey: ['seal', tenantId],
    queryFn: () =>
      unwrap(api.GET('/api/tenants/{tenantId}/seal', { params: { path: { tenantId } } })),
    refetchInterval: (query) => (isSettled(query.state.data) ? false : 2_000),
  });
}

function isSettled(seal: Seal | undefined): boolean {
  return seal !== undefined && !seal.sealed && seal.state === 'active' && seal.index === 'whole';
}
