import { AppError, type RequestContext } from '../../platform/index.ts';
import { claimCanary } from '../repo/canaries.ts';

/**
 * The context in which a canary that was noted is made: each of its transactions fails when the run was
 * given up or the canary is being removed, and else is seen by who removes it.
 */
export function makingContext(ctx: RequestContext, id: string): RequestContext {
  return {
    ...ctx,
    inControl: (work) =>
      ctx.inControl(async (tx) => {
        if (await claimCanary(tx, id)) return work(tx);
        throw new AppError('not_allowed_now', 'This isolation test was given up; start another');
      }),
  };
}
