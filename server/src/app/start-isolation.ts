import { beginRun, testIsolation } from '../isolation/index.ts';
import type { Endpoint, RequestContext } from '../platform/index.ts';
import { isolationSubject } from './isolation-subject.ts';
import type { Parts } from './parts.ts';
import { reportSigner } from './sign-report.ts';

/**
 * Begins the isolation test for a person at the dashboard and goes on with it after the answer.
 * Throws not_allowed_now while one is under way.
 */
export async function startIsolation(
  parts: Parts,
  routes: readonly Endpoint[],
  ctx: RequestContext,
): Promise<string> {
  const { config, log } = parts.platform;
  const subject = await isolationSubject(parts, config, routes);
  const wish = {
    origin: 'dashboard',
    startedBy: ctx.actor.accountId,
    sign: reportSigner(parts),
  } as const;
  let runId: string;
  try {
    runId = await beginRun(subject, wish);
  } catch (error) {
    await subject.close();
    throw error;
  }
  testIsolation(subject, runId, wish)
    .catch((error: unknown) => log.error('the isolation test did not end', { error }))
    .finally(() => subject.close())
    .catch((error: unknown) => log.warn('connections of the isolation test', { error }));
  return runId;
}
