import { queryOptions } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';

/** What the server refuses at present, looked at every ten seconds while the page is open. */
export function platformLimitsQuery() {
  return queryOptions({
    queryKey: ['platform', 'limits'],
    queryFn: () => unwrap(api.GET('/api/platform/limits')),
    refetchInterval: 10_000,
  });
}
