import { queryOptions } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';

/** How the parts of the appliance are doing, looked at every ten seconds while the page is open. */
export function platformStatusQuery() {
  return queryOptions({
    queryKey: ['platform', 'status'],
    queryFn: () => unwrap(api.GET('/api/platform/status')),
    refetchInterval: 10_000,
  });
}
