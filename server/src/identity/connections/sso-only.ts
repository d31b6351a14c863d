import { recordOnPlatform } from '../../audit/index.ts';
import { AppError, type RequestContext } from '../../platform/index.ts';
import type { IdentityParts } from '../parts.ts';
import { listMemberships, type AccountRow } from '../repo.ts';
import { trustedMemberships } from '../rights/trusted.ts';
import { listRulesFor } from './rules-repo.ts';
import { isShutToPasswords } from './shut-to-passwords.ts';

/**
 * After the right password of somebody all of whose tenants let in by single sign-on alone. Who has
 * another tenant, too, gets a session that opens that one (rights/trusted.ts). Throws forbidden.
 */
export async function refuseWhereSsoOnly(
  ctx: RequestContext,
  { rights }: Pick<IdentityParts, 'rights'>,
  account: AccountRow,
): Promise<void> {
  const { memberships, rules } = await ctx.inControl(async (tx) => ({
    memberships: trustedMemberships(rights, account.id, await listMemberships(tx, account.id)),
    rules: await listRulesFor(tx, account.id),
  }));
  const shut = rules.filter((one) => isShutToPasswords(rights, one, account.id));
  const closed = new Set(shut.map(({ tenantId }) => tenantId));
  const isShut = memberships.length > 0 && memberships.every(({ id }) => closed.has(id));
  if (account.platformRole !== null || !isShut) return;
  await ctx.inControl((tx) =>
    recordOnPlatform(tx, ctx, {
      action: 'session.start',
      outcome: 'refused',
      resourceType: 'account',
      resourceId: account.auditId,
      after: { reason: 'sso_only' },
    }),
  );
  throw new AppError(
    'forbidden',
    'Your organisation lets you in by single sign-on alone: use “Sign in with …” for your e-mail address',
  );
}
