import type { Request } from 'express';
import { Passport } from 'passport';
import { Strategy } from 'passport-strategy';
import { anonymous, AppError, type Actor, type TenantRole } from '../platform/index.ts';
import type { IdentityParts } from './parts.ts';
import type { SessionState } from './repo.ts';

export type Authenticated = {
  actor: Actor;
  /** The actor's role in a tenant, null where there is none. */
  roleIn(tenantId: string): TenantRole | null;
};

const nobody: Authenticated = { actor: anonymous, roleIn: () => null };

/**
 * A passport strategy for `Authorization: Bearer` (RFC 6750); only the header is read. Passport
 * calls it on an object derived from this one, so it has no #private members.
 */
class AccessTokenStrategy extends Strategy {
  readonly name = 'access-token';
  readonly find: (header: string | undefined) => Promise<Authenticated>;

  constructor(find: (header: string | undefined) => Promise<Authenticated>) {
    super();
    this.find = find;
  }

  override authenticate(request: Request): void {
    this.find(request.headers.authorization).then(
      (who) => this.success(who),
      (error: unknown) => this.error(error as Error),
    );
  }
}

async function identify(parts: IdentityParts, header: string | undefined): Promise<Authenticated> {
  if (header === undefined) return nobody;
  const token = /^Bearer ([A-Za-z0-9._-]{20,4096})$/.exec(header)?.[1];
  if (token === undefined)
    throw new AppError('unauthenticated', 'Send the access token as `Authorization: Bearer …`');
  const { sessionId, accountId } = await parts.tokens.verify(token);
  return personOf(await parts.sessions.get(sessionId), accountId);
}

/** @throws AppError unauthenticated when the session has ended, or is another person's */
export function personOf(state: SessionState | undefined, accountId: string | null): Authenticated {
  if (state?.id !== accountId)
    throw new AppError('unauthenticated', 'This session has ended; sign in again');
  const { sessionId, auditId, platformRole, memberships } = state;
  return {
    actor: { kind: 'human', accountId, auditId, sessionId, platformRole },
    roleIn: (tenantId) => memberships.find(({ id }) => id === tenantId)?.role ?? null,
  };
}

/** Who sends this request: a person with a live session, or nobody. Throws for a bad token. */
export function createAuthenticator(
  parts: IdentityParts,
): (request: Request) => Promise<Authenticated> {
  const passport = new Passport();
  passport.use(new AccessTokenStrategy((header) => identify(parts, header)));
  return (request) =>
    new Promise((resolve, reject) => {
      const fail = (error: unknown): void =>
        reject(
          error instanceof Error ? error : new Error('authentication failed', { cause: error }),
        );
      const decide = (error: unknown, who: unknown): void => {
        if (error) fail(error);
        else resolve((who as Authenticated | undefined) ?? nobody);
      };
      const run = passport.authenticate('access-token', { session: false }, decide) as (
        request: Request,
        response: unknown,
        next: (error?: unknown) => void,
      ) => void;
      run(request, {}, fail);
    });
}
