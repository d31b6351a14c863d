import {
  AppError,
  type ControlTx,
  type RequestContext,
  type TenantStanding,
} from '../../platform/index.ts';
import type { Rights } from '../rights/rights.ts';
import { trustedStanding } from '../standing/trusted-standing.ts';
import { listServiceAccounts } from './repo.ts';

export type KeyOwner = { kind: 'self' } | { kind: 'service'; accountId: string };

type Owner = { id: string; auditId: string; standing: TenantStanding };

/** The account that a key is to belong to, with its role in the tenant of this request. */
export async function ownerOf(
  tx: ControlTx,
  { actor, tenantId, standing }: RequestContext,
  { rights, wanted }: { rights: Rights; wanted: KeyOwner },
): Promise<Owner> {
  if (wanted.kind === 'self') {
    const { accountId, auditId } = actor;
    if (accountId === null || auditId === null || standing === null)
      throw new AppError('unauthenticated', 'Sign in first');
    return { id: accountId, auditId, standing };
  }
  const found = (await listServiceAccounts(tx, tenantId ?? '')).find(
    ({ id }) => id === wanted.accountId,
  );
  const { id = '', auditId = '' } = found ?? {};
  const of = { accountId: id, auditId, tenantId: tenantId ?? '' };
  const its = found ? trustedStanding(rights, of, found.standing) : null;
  if (!its) throw new AppError('not_found', 'No such service account');
  return { id, auditId, standing: its };
}
