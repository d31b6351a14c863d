import type { RequestContext } from '../context.ts';
import type { Job } from './job.ts';

/**
 * A kind of work that tenants can have in the queue. A row of the queue is a claim and no proof:
 * whoever asked must still be allowed to ask when the work runs.
 */
export type TenantJob = {
  /** What the person who asked needs in the job's tenant; null where no person may ask. */
  readonly permission: string | null;
  /** Whether the system asks as well, for its upkeep. */
  readonly bySystem: boolean;
  /** Runs in a context that is bound to the job's tenant. */
  readonly run: (ctx: RequestContext, job: Job) => Promise<void>;
};
