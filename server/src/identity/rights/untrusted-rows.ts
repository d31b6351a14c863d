import { recordOnPlatform } from '../../audit/index.ts';
import { AppError, type ControlTx, type RequestContext } from '../../platform/index.ts';
import { clearFactors } from '../factors/reset-factors.ts';
import type { IdentityParts } from '../parts.ts';
import { listOtherRows, type OtherRow } from './other-rows.ts';
import {
  forgetOwn,
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
  /** Of groups, rules, connections and the like: to be set anew on their pages, or removed there. */
  readonly others: OtherRow[];
};

export async function listUntrusted(ctx: RequestContext): Promise<Untrusted> {
  const { accounts, memberships, others } = await ctx.inControl(async (tx) => ({
    ...(await findRows(tx, ctx)),
    others: await listOtherRows(tx, ctx),
  }));
  return {
    others,
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

export type Accepting = {
  /** Null for all. */
  email: string | null;
  /** What is to be of second factors, under which whoever holds one signs in; null where nobody said. */
  factors: 'keep' | 'drop' | null;
};

/**
 * Takes such accounts and memberships as they are from now on: for whoever runs the host, after a roll back or a
 * repair by hand. With an e-mail only the account that has it, and its memberships.
 *
 * @throws AppError not_allowed_now where an account has second factors and nobody said what is to be of them
 */
export async function acceptRows(
  ctx: RequestContext,
  { rights }: Pick<IdentityParts, 'rights'>,
  { email, factors }: Accepting,
): Promise<{ accounts: number; memberships: number; factorsDropped: number }> {
  return ctx.inControl(async (tx) => {
    const found = await findRows(tx, ctx);
    const isMeant = (row: { email: string }): boolean =>
      email === null || row.email.toLowerCase() === email.toLowerCase();
    const accounts = found.accounts.filter(isMeant);
    const memberships = found.memberships.filter(isMeant);
    if (email !== null && accounts.length + memberships.length === 0)
      throw new AppError('not_found', `Nothing of ${email} waits to be accepted`);
    const withFactors = accounts.filter((one) => one.factors !== null);
    if (withFactors.length > 0 && factors === null) throw factorsUnsaid(withFactors);
    const { pepper } = ctx.platform;
    await sealAccounts(
      tx,
      accounts.map((account) => ({ id: account.id, seal: sealOfAccount(pepper, account) })),
    );
    await sealMemberships(
      tx,
      memberships.map((one) => ({ ...one, seal: sealOfMembership(pepper, one) })),
    );
    await forgetOwn(tx, memberships);
    let factorsDropped = 0;
    for (const { id: accountId } of factors === 'drop' ? withFactors : [])
      factorsDropped += await clearFactors(tx, ctx, { rights, accountId });
    const auditIds = new Set([...accounts, ...memberships].map(({ auditId }) => auditId));
    for (const auditId of auditIds)
      await recordOnPlatform(tx, ctx, {
        action: 'rights.accept',
        resourceType: 'account',
        resourceId: auditId,
        after: {
          account: accounts.some((one) => one.auditId === auditId),
          memberships: memberships.filter((one) => one.auditId === auditId).length,
          factors: withFactors.some((one) => one.auditId === auditId) ? factors : 'none',
        },
      });
    return { accounts: accounts.length, memberships: memberships.length, factorsDropped };
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

function factorsUnsaid(accounts: readonly AccountRow[]): AppError {
  const told = accounts.slice(0, 3).map(({ email, factorNames }) => {
    return `${email} (${factorNames.join(', ')})`;
  });
  const more = accounts.length > 3 ? `, and ${accounts.length - 3} more` : '';
  return new AppError(
    'not_allowed_now',
    `Whoever holds a second factor of these signs in with it: ${told.join('; ')}${more}. Say --drop-factors, and their people set new ones up, or --keep-factors`,
  );
}
