import {
  AppError,
  type ControlTx,
  type RequestContext,
  type TenantRole,
} from '../../platform/index.ts';
import { listServiceAccounts } from './repo.ts';

export type KeyOwner = { kind: 'self' } | { kind: 'service'; accountId: string };

type Owner = { id: string; auditId: string; role: TenantRole };

/** The account that a key is to belong to, with its role in the tenant of this request. */
export async function ownerOf(
  tx: ControlTx,
  { actor, tenantId, tenantRole }: RequestContext,
  wanted: KeyOwner,
): Promise<Owner> {
  if (wanted.kind === 'self') {
    const { accountId, auditId } = actor;
    if (accountId === null || auditId === null || tenantRole === null)
      throw new AppError('unauthenticated', 'Sign in first');
    return { id: accountId, auditId, role: tenantRole };
  }
  const found = (await listServiceAccounts(tx, tenantId ?? '')).find(
    ({ id }) => id === wanted.accountId,
  );
  if (!found) throw new AppError('not_found', 'No such service account');
  return found;
}
