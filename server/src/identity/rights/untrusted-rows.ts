import { recordOnPlatform } from '../../audit/index.ts';
import { AppError, type ControlTx, type RequestContext } from '../../platform/index.ts';
import {
  listAccountRows,
  listMembershipRows,
  sealAccounts,
  sealMemberships,
  type AccountRow,
  type MembershipRow,
} from './repo.ts';
import { sameSeal, sealOfAccount, sealOfMembership } from './row-seals.ts';

/** Rows that count for nothing, because this server did not write them as they are. */
export type Untrusted = {
  readonly accounts: {
    email: string;
    platformRole: string | null;
    /** Whoever holds one of these signs in with it once the account is accepted. */
    factors: string[];
    createdAt: Date;
  }[];
  readonly memberships: {
    email: string;
    tenant: string;
    role: string;
    /** Null for the usual one of the role. */
    level: number | null;
    customRoles: string[];
    createdAt: Date;
  }[];
};

export async function listUntrusted(ctx: RequestContext): Promise<Untrusted> {
  const { accounts, memberships } = await ctx.inControl((tx) => findRows(tx, ctx));
  return {
    accounts: accounts.map(({ email, platformRole, factorNames, createdAt }) => ({
      email,
      platformRole,
      factors: factorNames,
      createdAt,
    })),
    memberships: memberships.map(({ email, tenant, role, level, customRoleNames, createdAt }) => ({
      email,
      tenant,
      role,
      level: level ?? null,
      customRoles: customRoleNames,
      createdAt,
    })),
  };
}

/**
 * Takes such rows as they are from now on: for whoever runs the host, after a roll back or a repair by
 * hand. With an e-mail only the account that has it, and its memberships.
 */
export async function acceptRows(
  ctx: RequestContext,
  email: string | null,
): Promise<{ accounts: number; memberships: number }> {
  return ctx.inControl(async (tx) => {
    const found = await findRows(tx, ctx);
    const isMeant = (row: { email: string }): boolean =>
      email === null || row.email.toLowerCase() === email.toLowerCase();
    const accounts = found.accounts.filter(isMeant);
    const memberships = found.memberships.filter(isMeant);
    if (email !== null && accounts.length + memberships.length === 0)
      throw new AppError('not_found', `Nothing of ${email} waits to be accepted`);
    const { pepper } = ctx.platform;
    await sealAccounts(
      tx,
      accounts.map((account) => ({ id: account.id, seal: sealOfAccount(pepper, account) })),
    );
    await sealMemberships(
      tx,
      memberships.map((one) => ({ ...one, seal: sealOfMembership(pepper, one) })),
    );
    const auditIds = new Set([...accounts, ...memberships].map(({ auditId }) => auditId));
    for (const auditId of auditIds)
      await recordOnPlatform(tx, ctx, {
        action: 'rights.accept',
        resourceType: 'account',
        resourceId: auditId,
        after: {
          account: accounts.some((one) => one.auditId === auditId),
          memberships: memberships.filter((one) => one.auditId === auditId).length,
        },
      });
    return { accounts: accounts.length, memberships: memberships.length };
  });
}

async function findRows(
  tx: ControlTx,
  { platform: { pepper } }: RequestContext,
): Promise<{ accounts: AccountRow[]; memberships: MembershipRow[] }> {
  const [accounts, memberships] = [await listAccountRows(tx), await listMembershipRows(tx)];
  return {
    accounts: accounts.filter((one) => !sameSeal(one.seal, sealOfAccount(pepper, one))),
    memberships: memberships.filter((one) => !sameSeal(one.seal, sealOfMembership(pepper, one))),
  };
}
