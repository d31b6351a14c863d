import { infiniteQueryOptions } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';

export const keysKey = ['platform', 'keys'] as const;

/** The owners of keys, the platform first, page by page; looked at again while the page is open. */
export function keysQuery() {
  return infiniteQueryOptions({
    queryKey: [...keysKey, 'list'],
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET('/api/platform/keys', {
          params: { query: pageParam === null ? {} : { after: pageParam } },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    refetchInterval: 10_000,
  });
}
