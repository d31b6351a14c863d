import { queryOptions } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';

export const isolationKey = ['platform', 'isolation'] as const;

/** The latest isolation tests; while one is under way it is looked at every second. */
export function isolationQuery() {
  return queryOptions({
    queryKey: isolationKey,
    queryFn: () => unwrap(api.GET('/api/platform/isolation')),
    refetchInterval: ({ state }) =>
      state.data?.runs.some((run) => run.state === 'running') ? 1000 : false,
  });
}
