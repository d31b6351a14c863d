import { may } from '../../access/index.ts';
import type { ControlTx } from '../../platform/index.ts';
import { findStanding } from '../find-standing.ts';
import type { IdentityParts } from '../parts.ts';
import { findAccount } from '../repo.ts';
import { trustedAccount } from '../rights/trusted.ts';
import { hadAdministrator, type Invitation } from './repo.ts';

/**
 * Whether whoever invited could do so now: who has lost that comes back, or raises somebody, by no
 * invitation of before. The host's is good in any case. Of the platform's to a tenant: while it has had
 * no administrator.
 */
export async function stillInvites(
  tx: ControlTx,
  { rights }: Pick<IdentityParts, 'rights'>,
  { invitedBy: accountId, tenantId }: Invitation,
): Promise<boolean> {
  if (accountId === null) return true;
  if (tenantId !== null) {
    const standing = await findStanding(tx, { rights }, { accountId, tenantId });
    if (may(standing, 'team.manage')) return true;
  }
  const account = trustedAccount(rights, await findAccount(tx, { accountId }));
  const runsPlatform = account !== undefined && account.platformRole !== null;
  return runsPlatform && (tenantId === null || !(await hadAdministrator(tx, tenantId)));
}
