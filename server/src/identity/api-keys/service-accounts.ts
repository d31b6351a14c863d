import { recordOnPlatform } from '../../audit/index.ts';
import { AppError, newId, type RequestContext, type TenantRole } from '../../platform/index.ts';
import type { IdentityParts } from '../parts.ts';
import { deactivateAccount, insertMembership, removeMembership } from '../repo.ts';
import {
  endKeysOf,
  insertServiceAccount,
  listServiceAccounts,
  type ServiceAccountRow,
} from './repo.ts';

export type ServiceAccountView = Omit<ServiceAccountRow, 'auditId' | 'standing'>;

const MOST_ACCOUNTS = 200;

export function listServices(ctx: RequestContext): Promise<ServiceAccountRow[]> {
  return ctx.inControl((tx) => listServiceAccounts(tx, ctx.tenantId ?? ''));
}

/** An account for a program: it signs in nowhere, and is a member of this tenant alone. */
export async function createServiceAccount(
  ctx: RequestContext,
  { rights }: IdentityParts,
  { name, role }: { name: string; role: TenantRole },
): Promise<ServiceAccountView> {
  const tenantId = ctx.tenantId ?? '';
  const id = newId();
  const auditId = newId();
  const email = `service+${id}@casemate.invalid`;
  const seal = rights.sealAccount({
    ...{ id, auditId, email, platformRole: null, passwordHash: '!' },
    factors: null,
  });
  const membership = { accountId: id, tenantId, role };
  return ctx.inControl(async (tx) => {
    const present = await listServiceAccounts(tx, tenantId);
    if (present.length >= MOST_ACCOUNTS)
      throw new AppError('not_allowed_now', `There are ${MOST_ACCOUNTS} service accounts already`);
    if (present.some((one) => one.name.toLowerCase() === name.toLowerCase()))
      throw new AppError('already_exists', 'There is a service account of this name');
    await insertServiceAccount(tx, { id, auditId, email, name, seal });
    await insertMembership(tx, { ...membership, seal: rights.sealMembership(membership) });
    await recordOnPlatform(tx, ctx, {
      action: 'service_account.create',
      resourceType: 'account',
      resourceId: auditId,
      tenantId,
      after: { role },
    });
    return { id, name, role, keys: 0, createdAt: ctx.clock.now() };
  });
}

/** Ends the account with all its keys at once. */
export async function deleteServiceAccount(ctx: RequestContext, accountId: string): Promise<void> {
  const tenantId = ctx.tenantId ?? '';
  await ctx.inControl(async (tx) => {
    const account = (await listServiceAccounts(tx, tenantId)).find(({ id }) => id === accountId);
    if (!account) throw new AppError('not_found', 'No such service account');
    const keys = await endKeysOf(tx, { tenantId, accountId });
    await removeMembership(tx, { accountId, tenantId });
    await deactivateAccount(tx, accountId);
    await recordOnPlatform(tx, ctx, {
      action: 'service_account.delete',
      resourceType: 'account',
      resourceId: account.auditId,
      tenantId,
      before: { role: account.role, keys },
    });
  });
}
