import { infiniteQueryOptions, keepPreviousData } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import type { Tenant } from '../../lib/api/types.ts';
import { unwrap } from '../../lib/api/unwrap.ts';

export interface TenantFilter {
  search: string;
  state: Tenant['state'] | null;
}

const PAGE = 50;
const MOVING: readonly Tenant['state'][] = ['provisioning', 'dropping'];

/** The tenants of the appliance by name, a page at a time, for platform administrators. */
export function tenantsQuery({ search, state }: TenantFilter) {
  return infiniteQueryOptions({
    queryKey: ['tenants', search, state],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET('/api/tenants', {
          params: {
            query: {
              limit: PAGE,
              search,
              ...(state === null ? {} : { state }),
              ...(pageParam === null ? {} : { after: pageParam }),
            },
          },
        }),
      ),
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    // While something is being built or removed, its row changes by itself.
    refetchInterval: (query) =>
      query.state.data?.pages.some(({ items }) => items.some(({ state }) => MOVING.includes(state)))
        ? 1_500
        : false,
  });
}
