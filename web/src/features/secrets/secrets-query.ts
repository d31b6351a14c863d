import { queryOptions } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';

const RESTING_MS = 30_000;
const ROTATING_MS = 1_000;

/** Each secret with its age; looked at every second while one is being rotated. */
export function secretsQuery() {
  return queryOptions({
    queryKey: ['platform', 'secrets'],
    queryFn: () => unwrap(api.GET('/api/platform/secrets')),
    refetchInterval: ({ state }) =>
      state.data?.secrets.some(({ last }) => last?.state === 'queued' || last?.state === 'running')
        ? ROTATING_MS
        : RESTING_MS,
  });
}
