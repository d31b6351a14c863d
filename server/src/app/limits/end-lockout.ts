import { recordOnPlatform } from '../../audit/index.ts';
import { AppError, unlock, type RequestContext } from '../../platform/index.ts';

/**
 * Ends a lockout before its time, and says in the audit log who did. Its failures were forgotten
 * when it began, so whoever was locked out has all tries again.
 */
export async function endLockout(ctx: RequestContext, id: string): Promise<string> {
  return ctx.inControl(async (tx) => {
    const lockout = await unlock(tx, id);
    if (!lockout) throw new AppError('not_found', 'No such lockout is in force');
    await recordOnPlatform(tx, ctx, {
      action: 'session.unlock',
      resourceType: 'lockout',
      resourceId: id,
      after: { of: lockout.kind, account: lockout.auditId },
    });
    return id;
  });
}
