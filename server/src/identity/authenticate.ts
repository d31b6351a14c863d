import type { Request } from 'express';
import { Passport } from 'passport';
import { Strategy } from 'passport-strategy';
import { anonymous, AppError, type Actor, type TenantStanding } from '../platform/index.ts';
import { allowsAddress } from './api-keys/allows-address.ts';
import { isKeyToken } from './api-keys/key-token.ts';
import type { IdentityParts } from './parts.ts';
import { refuseBrowser } from './mobile/refuse-browser.ts';
import type { SessionState } from './repo.ts';

export type Authenticated = {
  actor: Actor;
  /** What the actor is in a tenant, null where nothing. */
  standingIn(tenantId: string): TenantStanding | null;
};

const nobody: Authenticated = { actor: anonymous, standingIn: () => null };

/**
 * A passport strategy for `Authorization: Bearer` (RFC 6750); only the header is read. Passport
 * calls it on an object derived from this one, so it has no #private members.
 */
class AccessTokenStrategy extends Strategy {
  readonly name = 'access-token';
  readonly find: (request: Request) => Promise<Authenticated>;

  constructor(find: (request: Request) => Promise<Authenticated>) {
    super();
    this.find = find;
  }

  override authenticate(request: Request): void {
    this.find(request).then(
      (who) => this.success(who),
      (error: unknown) => this.error(error as Error),
    );
  }
}

type Shown = { request: Request; address: string | null; parts: IdentityParts };

async function identify({ request, address, parts }: Shown): Promise<Authenticated> {
  const header = request.headers.authorization;
  if (header === undefined) return nobody;
  const token = /^Bearer ([A-Za-z0-9._-]{20,4096})$/.exec(header)?.[1];
  if (token === undefined)
    throw new AppError('unauthenticated', 'Send the access token as `Authorization: Bearer …`');
  if (isKeyToken(token)) return holderOf(parts, token, address);
  const { sessionId, accountId, client } = await parts.tokens.verify(token);
  if (client === 'mobile') refuseBrowser(request);
  const state = await parts.sessions.get(sessionId);
  return personOf(state?.client === client ? state : undefined, accountId);
}

/** One answer for a key that never was, has ended, or is used from elsewhere: it tells a thief nothing. */
async function holderOf(
  { sessions, pepper }: IdentityParts,
  token: string,
  address: string | null,
): Promise<Authenticated> {
  const state = await sessions.getKey(pepper.mac('api-key', token));
  if (!state?.apiKey || !allowsAddress(state.apiKey.addresses, address))
    throw new AppError(
      'unauthenticated',
      'The API key is unknown, has ended, or may not be used from this address',
    );
  return personOf(state, state.id);
}

/** @throws AppError unauthenticated when the session has ended, or is another person's */
export function personOf(state: SessionState | undefined, accountId: string | null): Authenticated {
  if (state?.id !== accountId)
    throw new AppError('unauthenticated', 'This session has ended; sign in again');
  const { sessionId, auditId, platformRole, apiKey, memberships, factor } = state;
  return {
    actor: { kind: 'human', accountId, auditId, sessionId, platformRole, apiKey, factor },
    standingIn: (tenantId) => memberships.find(({ id }) => id === tenantId)?.standing ?? null,
  };
}

/** Who sends this request: a person with a live session, or nobody. Throws for a bad token. */
export function createAuthenticator(
  parts: IdentityParts,
  addressOf: (request: Request) => string | null,
): (request: Request) => Promise<Authenticated> {
  const passport = new Passport();
  passport.use(
    new AccessTokenStrategy((request) => identify({ request, address: addressOf(request), parts })),
  );
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
