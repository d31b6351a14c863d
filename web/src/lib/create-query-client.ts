import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { toProblem } from './api/api-problem.ts';
import { reloadMemberships } from './session/reload-memberships.ts';

/** Retries only what a second try can mend: no answer, or a server that is just restarting. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({ onError: noticeChange }),
    mutationCache: new MutationCache({ onError: noticeChange }),
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        networkMode: 'always',
        retry: (failures, error) => {
          const { status } = toProblem(error);
          return failures < 2 && (status === 0 || status === 502 || status === 503);
        },
      },
      mutations: { networkMode: 'always' },
    },
  });
}

/**
 * A tenant that was suspended or sealed meanwhile, or a role that now needs a second factor: the page then
 * says so instead of one failing list after another.
 */
function noticeChange(error: unknown): void {
  if (['suspended', 'sealed', 'second_factor_required'].includes(toProblem(error).code))
    void reloadMemberships().catch(() => undefined);
}
