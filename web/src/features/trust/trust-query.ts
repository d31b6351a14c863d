import { queryOptions } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';

export const trustKey = ['platform', 'trust'] as const;

/** Every control as the last verification found it. */
export function trustQuery() {
  return queryOptions({
    queryKey: trustKey,
    queryFn: () => unwrap(api.GET('/api/platform/trust')),
    // A verification goes on beside the page.
    refetchInterval: ({ state }) => (state.data?.running ? 1500 : false),
  });
}
