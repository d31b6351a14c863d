import { queryOptions } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';

/** The last deleted tenants, with the date on which their last copy dies. */
export const deletionsQuery = queryOptions({
  queryKey: ['tenants', 'deletions'],
  queryFn: () => unwrap(api.GET('/api/platform/deletions')),
  // What is being destroyed appears, and is done, by itself.
  refetchInterval: 10_000,
});
