import { queryOptions } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';

/** Whether a one-time link still works, and what it is for. */
export function setupLinkQuery(token: string) {
  return queryOptions({
    queryKey: ['setup', token],
    queryFn: () => unwrap(api.GET('/api/setup/{token}', { params: { path: { token } } })),
    retry: false,
  });
}
