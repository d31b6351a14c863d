import { queryOptions } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';

/** One tenant, asked for again and again while it is being built. */
export function tenantQuery(tenantId: string) {
  return queryOptions({
    queryKey: ['tenant', tenantId],
    queryFn: () => unwrap(api.GET('/api/tenants/{tenantId}', { params: { path: { tenantId } } })),
    refetchInterval: (query) => (query.state.data?.state === 'provisioning' ? 700 : false),
  });
}
