import { recordOnPlatform } from '../../audit/index.ts';
import { AppError, type RequestContext } from '../../platform/index.ts';
import { makeLink } from '../links/account-links.ts';
import { endLinks } from '../links/repo.ts';
import type { IdentityParts } from '../parts.ts';
import { VERIFY_HOURS } from '../policy.ts';
import { locked } from './change-state.ts';

/**
 * Where there is no relay: the link that makes the new address of somebody count, to be handed over to whoever
 * has shown whose it is. It works in the session of the account that asked, and nowhere else.
 */
export async function makeEmailLink(
  ctx: RequestContext,
  { rights, relay }: Pick<IdentityParts, 'rights' | 'relay'>,
  accountId: string,
): Promise<{ email: string; url: string; expiresAt: Date }> {
  if (relay) throw new AppError('not_allowed_now', 'The mail relay verifies addresses here');
  return ctx.inControl(async (tx) => {
    const account = await locked(tx, accountId);
    if (account.state !== 'active' || !rights.trustsAccount(account))
      throw new AppError('not_allowed_now', 'This account is not in use');
    const { newEmail: email } = account;
    if (email === null)
      throw new AppError(
        'not_allowed_now',
        'This person asked for no other address, or for one that is taken',
      );
    if (accountId === ctx.actor.accountId)
      throw new AppError('not_allowed_now', 'Another administrator must do this for you');
    await endLinks(tx, { accountId, purpose: 'email' });
    await recordOnPlatform(tx, ctx, {
      action: 'account.make_email_link',
      resourceType: 'account',
      resourceId: account.auditId,
    });
    const wish = { purpose: 'email', accountId, way: 'handed_over', hours: VERIFY_HOURS } as const;
    return { email, ...(await makeLink(tx, ctx, { ...wish, binds: email })) };
  });
}
