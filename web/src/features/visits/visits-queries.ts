import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';

/** An answer of somebody else, and an end, show by themselves. */
const OFTEN_MS = 10_000;

export function platformVisitsQuery() {
  return queryOptions({
    queryKey: ['platform', 'visits'],
    queryFn: () => unwrap(api.GET('/api/platform/visits')),
    refetchInterval: OFTEN_MS,
  });
}

export function tenantVisitsQuery(tenantId: string) {
  return queryOptions({
    queryKey: ['tenant', tenantId, 'visits'],
    queryFn: () =>
      unwrap(api.GET('/api/tenants/{tenantId}/visits', { params: { path: { tenantId } } })),
    refetchInterval: OFTEN_MS,
  });
}

/** Who of the platform may look at the tenant now. */
export function openVisitsQuery(tenantId: string) {
  return queryOptions({
    queryKey: ['tenant', tenantId, 'visits', 'open'],
    queryFn: () =>
      unwrap(api.GET('/api/tenants/{tenantId}/visits/open', { params: { path: { tenantId } } })),
    refetchInterval: OFTEN_MS,
  });
}

/** Everything that was looked at in a visit, the latest first. */
export function viewsQuery(tenantId: string, visitId: string) {
  return infiniteQueryOptions({
    queryKey: ['tenant', tenantId, 'visits', visitId, 'views'],
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET('/api/tenants/{tenantId}/visits/{visitId}/views', {
          params: {
            path: { tenantId, visitId },
            query: pageParam === null ? {} : { before: pageParam },
          },
        }),
      ),
    initialPageParam: null as number | null,
    getNextPageParam: ({ next }) => next,
  });
}

export function visitedTenantsQuery(search: string) {
  return queryOptions({
    queryKey: ['tenants', 'to visit', search],
    queryFn: () => unwrap(api.GET('/api/tenants', { params: { query: { limit: 20, search } } })),
  });
}
