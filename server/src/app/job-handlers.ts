import { may } from '../access/index.ts';
import { recordOnPlatform } from '../audit/index.ts';
import { findStanding } from '../identity/index.ts';
import {
  JobRefused,
  systemActor,
  type Job,
  type JobHandler,
  type RequestContext,
  type TenantJob,
} from '../platform/index.ts';
import { createContext } from './context.ts';
import type { Parts } from './parts.ts';

/**
 * Wraps the rooms' work. A row of the queue is believed nothing: the tenant is opened anew, so a
 * suspended or deleted one is refused; who asked must have an account that still may; and the work
 * sees that tenant only.
 */
export function bindJobHandlers(
  parts: Parts,
  committed: (tenantId: string) => void,
  jobs: Readonly<Record<string, TenantJob>>,
): Record<string, JobHandler> {
  return Object.fromEntries(
    Object.entries(jobs).map(([kind, work]): [string, JobHandler] => [
      kind,
      async (job, signal) => {
        if (job.tenantId === null) throw new JobRefused(`a job ${kind} names no tenant`);
        const ctx = createContext(parts, {
          requestId: job.id,
          actor: systemActor,
          tenantId: job.tenantId,
          standing: null,
          ip: null,
          userAgent: null,
          signal,
          committed,
        });
        await parts.openTenant(job.tenantId, null);
        if (!(await mayAsk(parts, { ctx, work, job }))) await refuse(ctx, job);
        await work.run(ctx, job);
      },
    ]),
  );
}

async function mayAsk(
  { identity }: Parts,
  { ctx, work, job }: { ctx: RequestContext; work: TenantJob; job: Job },
): Promise<boolean> {
  const { accountId, tenantId } = job;
  if (accountId === null) return work.bySystem;
  if (work.permission === null || tenantId === null) return false;
  const standing = await ctx.inControl((tx) => findStanding(tx, identity, { accountId, tenantId }));
  return may(standing, work.permission);
}

async function refuse(ctx: RequestContext, job: Job): Promise<never> {
  await ctx.inControl((tx) =>
    recordOnPlatform(tx, ctx, {
      action: 'job.refuse',
      outcome: 'refused',
      resourceType: 'job',
      resourceId: job.kind,
      ...(job.tenantId === null ? {} : { tenantId: job.tenantId }),
    }),
  );
  throw new JobRefused(`whoever asked for ${job.kind} may not`);
}
