import { queryOptions } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';

export const ownFactorsQuery = queryOptions({
  queryKey: ['me', 'factors'],
  queryFn: () => unwrap(api.GET('/api/me/factors')),
});
