import { recordOnPlatform } from '../../audit/index.ts';
import {
  AppError,
  type ControlTx,
  type RequestContext,
  type TenantRole,
} from '../../platform/index.ts';
import { cancelJobsOfAccount, revokeKeysOfAccount } from '../accounts/repo.ts';
import { queueMail } from '../mail/repo.ts';
import type { IdentityParts } from '../parts.ts';
import { insertMembership, removeMembership } from '../repo.ts';
import { listTeamRows, lockTeam, type TeamRow } from './repo.ts';

type Parts = Pick<IdentityParts, 'rights' | 'relay'>;
type Of = { tenantId: string; accountId: string };

export type TeamMember = {
  accountId: string;
  name: string;
  email: string;
  role: TenantRole;
  state: string;
  you: boolean;
  since: Date;
};

/** The people of a tenant, without memberships that somebody else wrote. */
export async function listTeam(
  ctx: RequestContext,
  parts: Parts,
  tenantId: string,
): Promise<TeamMember[]> {
  const rows = await ctx.inControl((tx) => listTeamRows(tx, tenantId));
  return trusted(parts, rows).map(({ accountId, name, email, role, state, since }) => ({
    ...{ accountId, name, email, role, state, since },
    you: accountId === ctx.actor.accountId,
  }));
}

export async function changeRole(
  ctx: RequestContext,
  parts: Parts,
  { tenantId, accountId, role }: Of & { role: TenantRole },
): Promise<void> {
  await ctx.inControl(async (tx) => {
    const member = await findMember(tx, parts, { tenantId, accountId });
    if (member.role === role) return;
    if (role !== 'admin') await keepOne(tx, parts, { tenantId, accountId });
    const seal = parts.rights.sealMembership({ accountId, tenantId, role });
    await insertMembership(tx, { accountId, tenantId, role, seal });
    await recordOnPlatform(tx, ctx, {
      action: 'membership.update',
      resourceType: 'account',
      resourceId: member.auditId,
      tenantId,
      before: { role: member.role },
      after: { role },
    });
    if (parts.relay) await queueMail(tx, { template: 'role_changed', accountId, tenantId });
  });
}

/** Takes a person out of the tenant: what they asked for in it ends, and streams within two seconds. */
export async function removeMember(
  ctx: RequestContext,
  parts: Parts,
  { tenantId, accountId }: Of,
): Promise<void> {
  await ctx.inControl(async (tx) => {
    const member = await findMember(tx, parts, { tenantId, accountId });
    await keepOne(tx, parts, { tenantId, accountId });
    await removeMembership(tx, { accountId, tenantId });
    await revokeKeysOfAccount(tx, { accountId, tenantId });
    const jobs = await cancelJobsOfAccount(tx, { accountId, tenantId });
    await recordOnPlatform(tx, ctx, {
      action: 'membership.remove',
      resourceType: 'account',
      resourceId: member.auditId,
      tenantId,
      before: { role: member.role },
      after: { jobs },
    });
    if (parts.relay) await queueMail(tx, { template: 'removed', accountId, tenantId });
  });
}

async function findMember(tx: ControlTx, parts: Parts, of: Of): Promise<TeamRow> {
  await lockTeam(tx, of.tenantId);
  const rows = trusted(parts, await listTeamRows(tx, of.tenantId));
  const member = rows.find(({ accountId }) => accountId === of.accountId);
  if (!member) throw new AppError('not_found', 'No such member');
  return member;
}

/** A tenant without an administrator could invite nobody any more. */
async function keepOne(tx: ControlTx, parts: Parts, { tenantId, accountId }: Of): Promise<void> {
  const others = trusted(parts, await listTeamRows(tx, tenantId)).filter(
    (one) => one.role === 'admin' && one.state === 'active' && one.accountId !== accountId,
  );
  if (others.length === 0)
    throw new AppError(
      'not_allowed_now',
      'A tenant needs an administrator: make somebody else one first',
    );
}

function trusted({ rights }: Parts, rows: readonly TeamRow[]): TeamRow[] {
  return rows.filter((row) =>
    rights.trustsMembership({
      accountId: row.accountId,
      auditId: row.auditId,
      tenantId: row.tenantId,
      role: row.role,
      seal: row.seal,
    }),
  );
}
