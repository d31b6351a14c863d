import { recordOnPlatform } from '../../audit/index.ts';
import { AppError, type RequestContext } from '../../platform/index.ts';
import { queueMail } from '../mail/repo.ts';
import type { IdentityParts } from '../parts.ts';
import { locked } from './change-state.ts';

/** Starts a reset for somebody: the link goes to their own address, and to nobody else. */
export async function sendReset(
  ctx: RequestContext,
  { rights }: Pick<IdentityParts, 'rights'>,
  accountId: string,
): Promise<null> {
  await ctx.inControl(async (tx) => {
    const account = await locked(tx, accountId);
    if (account.state !== 'active' || !rights.trustsAccount(account))
      throw new AppError('not_allowed_now', 'This account is not in use');
    await queueMail(tx, { template: 'reset', accountId });
    await recordOnPlatform(tx, ctx, {
      action: 'password.ask_reset',
      resourceType: 'account',
      resourceId: account.auditId,
    });
  });
  return null;
}
