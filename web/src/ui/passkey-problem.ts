import { ApiProblem } from '../lib/api/api-problem.ts';

/** What the browser's own dialog ended with, in words; what the server said stays as it is. */
export function passkeyProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  const known = error instanceof Error && error.name === 'InvalidStateError';
  return new ApiProblem(
    {
      code: 'passkey',
      detail: known
        ? 'This device holds a passkey of yours already.'
        : 'The browser gave no passkey. Try again, or choose another way.',
    },
    0,
  );
}
