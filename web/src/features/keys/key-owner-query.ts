import { queryOptions } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';
import { keysKey } from './keys-query.ts';

/** One owner's keys with the rows under each version. */
export function keyOwnerQuery(owner: string) {
  return queryOptions({
    queryKey: [...keysKey, 'owner', owner],
    queryFn: () => unwrap(api.GET('/api/platform/keys/{owner}', { params: { path: { owner } } })),
    refetchInterval: 5_000,
  });
}
