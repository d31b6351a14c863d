import { QueryClient } from '@tanstack/react-query';
import { toProblem } from './api/api-problem.ts';

/** Retries only what a second try can mend: no answer, or a server that is just restarting. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
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
