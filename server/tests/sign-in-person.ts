import type { TenantRole } from '../src/platform/index.ts';
import { openSession } from '../src/identity/start-session.ts';
import type { Person, TestAppliance } from './test-appliance.ts';

export type SignedIn = Person & { token: string; sessionId: string; refreshToken: string };

/** A person with a live session and access token, without the quarter second of a password. */
export async function signInPerson(
  appliance: TestAppliance,
  memberships: Readonly<Record<string, TenantRole>> = {},
  platformRole: 'super_admin' | null = null,
): Promise<SignedIn> {
  const person = await appliance.makePerson(memberships);
  if (platformRole) {
    const { accountId: id, auditId } = person;
    const account = { id, auditId, email: `${id}@example.invalid`, platformRole };
    const seal = appliance.parts.identity.rights.sealAccount({
      ...account,
      passwordHash: '!',
      factors: null,
    });
    await appliance.superuser.query(
      'update control.accounts set platform_role = $2, seal = $3 where id = $1',
      [id, platformRole, seal],
    );
  }
  const ctx = appliance.contextOf(person, null);
  const { sessionId, refreshToken } = await ctx.inControl((tx) =>
    openSession(tx, ctx, {
      id: person.accountId,
      auditId: person.auditId,
      email: 'unused',
      name: 'unused',
      platformRole,
      factorShown: true,
    }),
  );
  const { tokens } = appliance.parts.identity;
  const { accessToken } = await tokens.issue({ accountId: person.accountId, sessionId });
  return { ...person, token: accessToken, sessionId, refreshToken };
}
