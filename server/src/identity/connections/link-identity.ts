import { recordOnPlatform } from '../../audit/index.ts';
import { AppError, type RequestContext } from '../../platform/index.ts';
import { requireFreshPerson } from '../factors/enrol.ts';
import type { IdentityParts } from '../parts.ts';
import { findIdentity, insertIdentity, listIdentities, removeIdentity } from './identities-repo.ts';
import { lockConnection, type ConnectionRow } from './repo.ts';
import { hashSubject, sealIdentity } from './seals.ts';

/**
 * The yes of somebody who is signed in: this account is theirs at the directory, too. Not in a session that
 * the directory of a tenant opened, whose word counts in that tenant alone.
 */
export async function linkIdentity(
  ctx: RequestContext,
  parts: IdentityParts,
  { connection, subject: name }: { connection: ConnectionRow; subject: string },
): Promise<void> {
  const person = await requireFreshPerson(ctx, parts);
  if (person.onlyTenant !== null)
    throw new AppError('forbidden', 'Sign in with your password to connect your account');
  const { id: connectionId, tenantId } = connection;
  const { id: accountId, auditId } = person;
  await ctx.inControl(async (tx) => {
    await lockConnection(tx, connectionId);
    if (tenantId !== null && !person.memberships.some(({ id }) => id === tenantId))
      throw new AppError('not_found', 'You are in no tenant of this directory');
    const subject = hashSubject(ctx, connection, name);
    const taken = await findIdentity(tx, { connectionId, subject });
    const identity = { connectionId, subject, accountId };
    const seal = sealIdentity(ctx.platform.pepper, identity);
    if (taken?.accountId === accountId) return;
    if (taken || !(await insertIdentity(tx, { ...identity, seal })))
      throw new AppError(
        'not_allowed_now',
        'One of the two is connected already: this account, or the one at the directory',
      );
    await recordOnPlatform(tx, ctx, {
      action: 'external_identity.link',
      resourceType: 'account',
      resourceId: auditId,
      ...(tenantId === null ? {} : { tenantId }),
      after: { connection: connectionId },
    });
  });
}

/** One's own connections, and how long they are known. */
export async function listOwnIdentities(
  ctx: RequestContext,
): Promise<{ connection: string; name: string; createdAt: Date; lastUsedAt: Date | null }[]> {
  const rows = await ctx.inControl((tx) => listIdentities(tx, ctx.actor.accountId ?? ''));
  return rows.map(({ connectionId, name, createdAt, lastUsedAt }) => ({
    ...{ connection: connectionId, name, createdAt, lastUsedAt },
  }));
}

export async function unlinkIdentity(
  ctx: RequestContext,
  parts: IdentityParts,
  connectionId: string,
): Promise<void> {
  const { id: accountId, auditId } = await requireFreshPerson(ctx, parts);
  await ctx.inControl(async (tx) => {
    if (!(await removeIdentity(tx, { connectionId, accountId })))
      throw new AppError('not_found', 'Your account is not connected there');
    await recordOnPlatform(tx, ctx, {
      action: 'external_identity.unlink',
      resourceType: 'account',
      resourceId: auditId,
      after: { connection: connectionId },
    });
  });
}
