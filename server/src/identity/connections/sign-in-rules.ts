import { recordOnPlatform } from '../../audit/index.ts';
import { AppError, type ControlTx, type RequestContext } from '../../platform/index.ts';
import { findStored } from '../accounts/repo.ts';
import type { IdentityParts } from '../parts.ts';
import { listTeamRows, lockTeam } from '../team/repo.ts';
import { findRules, putRules, type SignInRules } from './rules-repo.ts';
import { findEntrances, hasPassword } from './who-comes-in.ts';

type Parts = Pick<IdentityParts, 'rights'>;

export type RulesView = SignInRules & {
  /** False when somebody else wrote them: they shut every password out until they are saved anew. */
  sound: boolean;
  /** Whether the emergency account could come in. */
  emergency: boolean;
};

export function readSignInRules(
  ctx: RequestContext,
  parts: Parts,
  tenantId: string,
): Promise<RulesView> {
  return ctx.inControl(async (tx) => {
    const row = await findRules(tx, tenantId);
    const sound = row === undefined || parts.rights.trustsSignInRules(row);
    const { emergency } = await findEntrances(tx, ctx, { parts, tenantId });
    const { ssoOnly = false, breakGlass = null } = row ?? {};
    return { ssoOnly, breakGlass, sound, emergency: emergency !== null };
  });
}

/**
 * Lets a tenant's people in by single sign-on alone, but for one account with a password, for the day
 * on which the directory is down. Sessions by password lose the tenant within two seconds.
 */
export async function changeSignInRules(
  ctx: RequestContext,
  parts: Parts,
  { tenantId, ...rules }: SignInRules & { tenantId: string },
): Promise<void> {
  await ctx.inControl(async (tx) => {
    // Whoever takes the account, its role or the last connection away waits for it.
    await lockTeam(tx, tenantId);
    if (rules.ssoOnly) {
      const { ways } = await findEntrances(tx, ctx, { parts, tenantId });
      if (ways === 0)
        throw new AppError('not_allowed_now', 'There is no active connection to come in by');
      await requireBreakGlass(tx, parts.rights, { tenantId, accountId: rules.breakGlass });
    }
    const facts = { tenantId, ...rules };
    await putRules(tx, { ...facts, seal: parts.rights.sealSignInRules(facts) });
    await recordOnPlatform(tx, ctx, {
      action: 'sign_in.change_rules',
      resourceType: 'tenant',
      resourceId: tenantId,
      tenantId,
      after: { ssoOnly: rules.ssoOnly, breakGlass: rules.breakGlass !== null },
    });
  });
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
    hasPassword(account) &&
    rights.trustsAccount(account) &&
    row?.role === 'admin' &&
    rights.trustsMembership({ ...row, tenantId });
  if (!isFit)
    throw new AppError(
      'not_allowed_now',
      'Name an administrator of this tenant who has a password: the one who gets in when the directory does not answer',
    );
}
