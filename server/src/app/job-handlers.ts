import { systemActor, type Job, type JobHandler, type RequestContext } from '../platform/index.ts';
import { createContext } from './context.ts';
import type { Parts } from './parts.ts';

/** How a room handles a kind of job: in a context bound to the job's tenant. */
export type TenantJobHandler = (ctx: RequestContext, job: Job) => Promise<void>;

/**
 * Wraps the rooms' handlers. The tenant of the job is opened anew, so a suspended or deleted one is
 * refused whatever the queue says, and the handler sees that tenant only.
 */
export function bindJobHandlers(
  parts: Parts,
  committed: (tenantId: string) => void,
  handlers: Readonly<Record<string, TenantJobHandler>>,
): Record<string, JobHandler> {
  return Object.fromEntries(
    Object.entries(handlers).map(([kind, handler]): [string, JobHandler] => [
      kind,
      async (job, signal) => {
        if (job.tenantId === null) throw new Error(`job ${kind} names no tenant`);
        const ctx = createContext(parts, {
          requestId: job.id,
          actor: systemActor,
          tenantId: job.tenantId,
          tenantRole: null,
          ip: null,
          userAgent: null,
          signal,
          committed,
        });
        await handler(ctx, job);
      },
    ]),
  );
}
