import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';

/** The accounts of the appliance by e-mail, a page at a time. */
export function peopleQuery(search: string) {
  return infiniteQueryOptions({
    queryKey: ['people', search],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET('/api/platform/accounts', {
          params: {
            query: { limit: 50, search, ...(pageParam === null ? {} : { after: pageParam }) },
          },
        }),
      ),
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
}

/** Open invitations of all tenants and of the platform. */
export const invitationsQuery = queryOptions({
  queryKey: ['people-invitations'],
  queryFn: () => unwrap(api.GET('/api/platform/invitations')),
  refetchInterval: (query) =>
    query.state.data?.items.some(({ mail }) => mail === 'waiting') ? 2_000 : false,
});
