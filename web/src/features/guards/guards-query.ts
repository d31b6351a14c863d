import { queryOptions } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';

/** What guards each route and each definer function, read from what runs now. */
export function guardsQuery() {
  return queryOptions({
    queryKey: ['platform', 'guards'],
    queryFn: () => unwrap(api.GET('/api/platform/guards')),
  });
}
