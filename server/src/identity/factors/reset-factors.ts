import { AppError, type ControlTx, type RequestContext } from '../../platform/index.ts';
import { recordOnAccount } from '../accounts/record-on-account.ts';
import { pauseKeys } from '../api-keys/repo.ts';
import type { IdentityParts } from '../parts.ts';
import { endAllSessions, findAccount } from '../repo.ts';
import { trustedAccount } from '../rights/trusted.ts';
import { changeFactors } from './change-factors.ts';
import { endResetLinks, listFactorRows, removeFactors, replaceRecoveryCodes } from './repo.ts';

/** Takes every factor and recovery code of an account away, and ends its sessions. Audited by the caller. */
export async function clearFactors(
  tx: ControlTx,
  ctx: RequestContext,
  { rights, accountId }: { rights: IdentityParts['rights']; accountId: string },
): Promise<number> {
  let removed = 0;
  const change = async (): Promise<null> => {
    const rows = await listFactorRows(tx, accountId);
    removed = rows.filter(({ confirmedAt }) => confirmedAt !== null).length;
    await removeFactors(tx, { accountId, ids: rows.map(({ id }) => id) });
    await replaceRecoveryCodes(tx, { accountId, onlyTenant: null }, []);
    return null;
  };
  await changeFactors(tx, ctx, { rights, accountId, change });
  await endResetLinks(tx, accountId);
  await endAllSessions(tx, accountId, 'factors_reset');
  // Whoever is at their account with a link must not go on by its keys.
  await pauseKeys(tx, { accountId, paused: true });
  return removed;
}

/**
 * For whoever runs the host: a person who has lost every factor signs in with the password alone once more,
 * and where their role needs one sets a new one up before anything else.
 */
export async function resetFactors(
  ctx: RequestContext,
  { rights }: IdentityParts,
  email: string,
): Promise<{ removed: number }> {
  return ctx.inControl(async (tx) => {
    const account = trustedAccount(rights, await findAccount(tx, { email }));
    if (!account)
      throw new AppError('not_found', `There is no account with the address ${email} that counts`);
    const removed = await clearFactors(tx, ctx, { rights, accountId: account.id });
    const after = { by: 'host', removed };
    await recordOnAccount(tx, ctx, { rights, account, action: 'factor.reset', after });
    return { removed };
  });
}
