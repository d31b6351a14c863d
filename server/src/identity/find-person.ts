import type { RequestContext } from '../platform/index.ts';
import type { IdentityParts } from './parts.ts';
import { findAccount } from './repo.ts';
import { trustedAccount } from './rights/trusted.ts';

export type KnownPerson = {
  accountId: string;
  auditId: string;
  name: string;
  email: string;
  /** Whether they run the platform. */
  operator: boolean;
};

/** A person who can sign in, by e-mail whatever the case, or by the id of the account. */
export async function findPerson(
  ctx: RequestContext,
  { rights }: Pick<IdentityParts, 'rights'>,
  by: { email: string } | { accountId: string },
): Promise<KnownPerson | undefined> {
  const account = trustedAccount(rights, await ctx.inControl((tx) => findAccount(tx, by)));
  if (!account) return undefined;
  const { id: accountId, auditId, name, email, platformRole } = account;
  return { accountId, auditId, name, email, operator: platformRole !== null };
}
