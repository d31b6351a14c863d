import { recordOnPlatform } from '../../audit/index.ts';
import { AppError, type ControlTx, type RequestContext } from '../../platform/index.ts';
import { findStored } from '../accounts/repo.ts';
import type { IdentityParts } from '../parts.ts';
import { listTeamRows } from '../team/repo.ts';
import { findSignInRules, listConnections, putSignInRules, type SignInRules } from './repo.ts';
import { soundConnection } from './seals.ts';

type Parts = Pick<IdentityParts, 'rights'>;

export function readSignInRules(ctx: RequestContext, tenantId: string): Promise<SignInRules> {
  return ctx.inControl((tx) => findSignInRules(tx, tenantId));
}

/**
 * Lets a tenant's people in by single sign-on alone, but for one account with a password, for the day
 * on which the directory is down. Sessions by password lose the tenant within two seconds.
 */
export async function changeSignInRules(
  ctx: RequestContext,
  { rights }: Parts,
  { tenantId, ...rules }: SignInRules & { tenantId: string },
): Promise<void> {
  await ctx.inControl(async (tx) => {
    if (rules.ssoOnly) {
      await requireConnection(tx, ctx, tenantId);
      await requireBreakGlass(tx, rights, { tenantId, accountId: rules.breakGlass });
    }
    await putSignInRules(tx, { tenantId, ...rules });
    await recordOnPlatform(tx, ctx, {
      action: 'sign_in.change_rules',
      resourceType: 'tenant',
      resourceId: tenantId,
      tenantId,
      after: { ssoOnly: rules.ssoOnly, breakGlass: rules.breakGlass !== null },
    });
  });
}

async function requireConnection(
  tx: ControlTx,
  ctx: RequestContext,
  tenantId: string,
): Promise<void> {
  const rows = [...(await listConnections(tx, tenantId)), ...(await listConnections(tx, null))];
  if (rows.some((row) => row.state === 'active' && soundConnection(ctx, row))) return;
  throw new AppError('not_allowed_now', 'There is no active connection to come in by');
}

/** An active administrator with a password of their own, whose rows the server wrote. */
async function requireBreakGlass(
  tx: ControlTx,
  rights: Parts['rights'],
  { tenantId, accountId }: { tenantId: string; accountId: string | null },
): Promise<void> {
  const account = accountId === null ? undefined : await findStored(tx, { accountId });
  const row = (await listTeamRows(tx, tenantId)).find((one) => one.accountId === accountId);
  const isFit =
    account?.state === 'active' &&
    !account.passwordHash.startsWith('!') &&
    rights.trustsAccount(account) &&
    row?.role === 'admin' &&
    rights.trustsMembership({ ...row, tenantId });
  if (!isFit)
    throw new AppError(
      'not_allowed_now',
      'Name an administrator of this tenant who has a password: the one who gets in when the directory does not answer',
    );
}
