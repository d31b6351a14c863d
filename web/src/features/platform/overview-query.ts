import { queryOptions } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';

/** What the server saw of the appliance; it looks every half minute itself. */
export function overviewQuery() {
  return queryOptions({
    queryKey: ['platform', 'overview'],
    queryFn: () => unwrap(api.GET('/api/platform/overview')),
    refetchInterval: 15_000,
  });
}
