import { ApiProblem, toProblem } from './api-problem.ts';

interface Outcome<T> {
  data?: T | undefined;
  error?: unknown;
  response: Response;
}

/** The body of a successful call; throws an ApiProblem for every other outcome. */
export async function unwrap<T>(call: Promise<Outcome<T>>): Promise<T> {
  const outcome = await call.catch((error: unknown) => {
    throw toProblem(error);
  });
  if (!outcome.response.ok) {
    const body = typeof outcome.error === 'object' ? outcome.error : null;
    throw new ApiProblem(
      body ?? { detail: `The server answered with status ${outcome.response.status}.` },
      outcome.response.status,
    );
  }
  return outcome.data as T;
}
