import { newId, type ControlTx, type RequestContext, type TenantRole } from '../platform/index.ts';
import type { IdentityParts } from './parts.ts';
import { randomToken } from './random-token.ts';
import {
  deactivateAccount,
  endAllSessions,
  insertAccount,
  insertMembership,
  removeMembership,
  type Account,
} from './repo.ts';
import { openSession } from './start-session.ts';

export type CanaryWish = {
  /** Chosen by the caller, who has written it down. */
  id: string;
  name: string;
  memberships: readonly { tenantId: string; role: TenantRole }[];
  platformRole?: 'super_admin';
};

export type MadeCanary = {
  accountId: string;
  auditId: string;
  email: string;
  sessionId: string;
  accessToken: string;
  refreshToken: string;
};

/**
 * A person of the isolation test with a live session. Nobody can sign in to the account: its
 * password hash is no hash. The database removes accounts of this address, and of no other.
 */
export async function makeCanary(
  ctx: RequestContext,
  parts: IdentityParts,
  wish: CanaryWish,
): Promise<MadeCanary> {
  const account: Account = {
    id: wish.id,
    auditId: newId(),
    email: `canary+${wish.id}@casemate.invalid`,
    name: wish.name,
    platformRole: wish.platformRole ?? null,
  };
  const passwordHash = `!${randomToken()}`;
  const seal = parts.rights.sealAccount({ ...account, passwordHash, factors: null });
  const session = await ctx.inControl(async (tx) => {
    await insertAccount(tx, { ...account, passwordHash, seal });
    for (const { tenantId, role } of wish.memberships) {
      const membership = { accountId: wish.id, tenantId, role };
      await insertMembership(tx, {
        ...membership,
        seal: parts.rights.sealMembership(membership),
      });
    }
    return openSession(tx, ctx, { ...account, factorShown: true });
  });
  const claims = { accountId: wish.id, sessionId: session.sessionId };
  const { accessToken } = await parts.tokens.issue(claims);
  return { ...claims, ...session, accessToken, auditId: account.auditId, email: account.email };
}

type Ending = { accountId: string } & (
  { how: 'signed_out' | 'deactivated' } | { how: 'left'; tenantId: string }
);

/** Takes a right away from a person of the isolation test, as people lose it in life. */
export async function endCanarySession(tx: ControlTx, ending: Ending): Promise<void> {
  const { accountId } = ending;
  if (ending.how === 'left') await removeMembership(tx, { accountId, tenantId: ending.tenantId });
  else if (ending.how === 'deactivated') await deactivateAccount(tx, accountId);
  else await endAllSessions(tx, accountId, ending.how);
}
