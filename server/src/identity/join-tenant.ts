import { recordOnPlatform } from '../audit/index.ts';
import { AppError, type RequestContext, type TenantRole } from '../platform/index.ts';
import type { IdentityParts } from './parts.ts';
import { insertMembership, listMemberships } from './repo.ts';
import { trustedMemberships } from './rights/trusted.ts';

/** Makes the actor, or a person of theirs, a member of a tenant that they have just made; it is in the audit log. */
export async function joinTenant(
  ctx: RequestContext,
  parts: IdentityParts,
  wish: { tenantId: string; role: TenantRole; person?: { accountId: string; auditId: string } },
): Promise<void> {
  const { tenantId, role } = wish;
  const { sessionId } = ctx.actor;
  const { accountId, auditId } = wish.person ?? ctx.actor;
  if (accountId === null) throw new AppError('unauthenticated', 'Sign in first');
  await ctx.inControl(async (tx) => {
    const seal = parts.rights.sealMembership({ accountId, tenantId, role });
    await insertMembership(tx, { accountId, tenantId, role, seal });
    await recordOnPlatform(tx, ctx, {
      action: 'membership.create',
      resourceType: 'account',
      resourceId: auditId ?? 'unknown',
      tenantId,
      after: { role },
    });
  });
  if (sessionId !== null) parts.sessions.forget(sessionId);
}

export async function isMember(
  ctx: RequestContext,
  parts: IdentityParts,
  tenantId: string,
): Promise<boolean> {
  const { accountId, sessionId } = ctx.actor;
  if (accountId === null) return false;
  if (sessionId !== null) {
    const state = await parts.sessions.get(sessionId);
    return state?.memberships.some(({ id }) => id === tenantId) ?? false;
  }
  const memberships = await ctx.inControl((tx) => listMemberships(tx, accountId));
  return trustedMemberships(parts.rights, accountId, memberships).some(({ id }) => id === tenantId);
}
