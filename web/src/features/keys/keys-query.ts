import { infiniteQueryOptions, keepPreviousData } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';

export const keysKey = ['platform', 'keys'] as const;

/** The owners of keys whose name holds `search`, the platform first, page by page; looked at again while the page is open. */
export function keysQuery(search: string) {
  return infiniteQueryOptions({
    queryKey: [...keysKey, 'list', search],
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET('/api/platform/keys', {
          params: { query: { search, ...(pageParam === null ? {} : { after: pageParam }) } },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
    refetchInterval: 10_000,
  });
}
