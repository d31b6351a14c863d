import { recordOnPlatform } from '../../audit/index.ts';
import type { ControlTx, RequestContext } from '../../platform/index.ts';
import { queueMail } from '../mail/repo.ts';
import { listTeamRows } from '../team/repo.ts';
import { listBreakGlassOf } from './repo.ts';

/**
 * Says in the audit log, in the program's log and to the other administrators that the one account that keeps its
 * password where single sign-on alone is let in has used it.
 */
export async function tellBreakGlass(
  tx: ControlTx,
  ctx: RequestContext,
  { id, auditId }: { id: string; auditId: string },
): Promise<void> {
  for (const tenantId of await listBreakGlassOf(tx, id)) {
    ctx.log.warn('an emergency account has signed in with its password', { tenantId, auditId });
    await recordOnPlatform(tx, ctx, {
      action: 'session.break_glass',
      resourceType: 'account',
      resourceId: auditId,
      tenantId,
    });
    if (ctx.platform.config.CASEMATE_SMTP_HOST === undefined) continue;
    const team = await listTeamRows(tx, tenantId);
    for (const { accountId, role, state } of team)
      if (role === 'admin' && state === 'active' && accountId !== id)
        await queueMail(tx, { template: 'break_glass', accountId, tenantId });
  }
}
