import { AppError, type ControlTx, type RequestContext } from '../../platform/index.ts';
import type { IdentityParts } from '../parts.ts';
import { findAccount, type AccountRow } from '../repo.ts';
import { sealOfAccount } from '../rights/row-seals.ts';
import { trustedAccount } from '../rights/trusted.ts';
import { lockAccount, writeSeal } from './repo.ts';

/**
 * Changes the factors of an account and seals it anew. `change` gives the facts as they are after it,
 * worked out from those of before: what somebody else puts into the table meanwhile is not among them,
 * and breaks the seal. Throws unauthenticated when the seal does not hold before.
 */
export async function changeFactors(
  tx: ControlTx,
  { platform }: RequestContext,
  { rights, accountId, change }: Change,
): Promise<void> {
  await lockAccount(tx, accountId);
  const account = trustedAccount(rights, await findAccount(tx, { accountId }));
  if (!account) throw new AppError('unauthenticated', 'This session has ended; sign in again');
  const factors = await change(account);
  await writeSeal(tx, accountId, sealOfAccount(platform.pepper, { ...account, factors }));
}

type Change = {
  rights: IdentityParts['rights'];
  accountId: string;
  change: (account: AccountRow) => Promise<string | null>;
};
