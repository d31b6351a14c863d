import { recordOnPlatform } from '../../audit/index.ts';
import { newId, type ControlTx, type RequestContext } from '../../platform/index.ts';
import { activateAccount, findStored, type StoredAccount } from '../accounts/repo.ts';
import { domainOf } from '../connections/policy.ts';
import { listDomains } from '../connections/repo.ts';
import { isProven } from '../connections/seals.ts';
import { listWaysInto } from '../connections/who-comes-in.ts';
import { settleRoles } from '../groups/settle-roles.ts';
import type { IdentityParts } from '../parts.ts';
import { randomToken } from '../random-token.ts';
import { insertAccount, insertMembership } from '../repo.ts';
import { lockTeam } from '../team/repo.ts';

type Parts = Pick<IdentityParts, 'rights' | 'relay'>;
type Of = { parts: Parts; tenantId: string };

/**
 * Whether a directory may put somebody in without asking them: the domain of their address was shown to be the
 * tenant's, and a connection of the tenant lets them in by it.
 */
export async function mayPutIn(
  tx: ControlTx,
  ctx: RequestContext,
  { tenantId, email }: { tenantId: string; email: string },
): Promise<boolean> {
  const domain = domainOf(email);
  const own = (await listDomains(tx, tenantId)).some(
    (row) => row.domain === domain && isProven(ctx, row),
  );
  if (!own) return false;
  const ways = await listWaysInto(tx, ctx, tenantId);
  return ways.some((way) => way.tenantId === tenantId && way.domains.includes(domain));
}

/** A new account without a password, which the tenant's connection opens. */
export async function makePutIn(
  tx: ControlTx,
  ctx: RequestContext,
  { parts, tenantId, email, name }: Of & { email: string; name: string },
): Promise<string | null> {
  const passwordHash = `!${randomToken()}`;
  const made = { id: newId(), auditId: newId(), email, passwordHash, platformRole: null };
  const seal = parts.rights.sealAccount({ ...made, factors: null });
  if (!(await insertAccount(tx, { ...made, name, seal }))) return null;
  await activateAccount(tx, { ...made, name, seal, verifiedBy: 'directory' });
  const account = await findStored(tx, { accountId: made.id });
  if (!account) return null;
  await recordOnPlatform(tx, ctx, {
    action: 'account.create',
    resourceType: 'account',
    resourceId: account.auditId,
    tenantId,
    after: { verifiedBy: 'directory' },
  });
  await giveMembership(tx, ctx, { parts, tenantId, account });
  return account.id;
}

/** The role member; what groups of the directory give beside it is settled with it. */
export async function giveMembership(
  tx: ControlTx,
  ctx: RequestContext,
  { parts, tenantId, account }: Of & { account: StoredAccount },
): Promise<void> {
  const membership = { accountId: account.id, tenantId, role: 'member' as const };
  await lockTeam(tx, tenantId);
  await insertMembership(tx, { ...membership, seal: parts.rights.sealMembership(membership) });
  await settleRoles(tx, ctx, { parts, tenantId, accountIds: [account.id] });
  await recordOnPlatform(tx, ctx, {
    action: 'membership.create',
    resourceType: 'account',
    resourceId: account.auditId,
    tenantId,
    after: { role: 'member', by: 'directory' },
  });
}
