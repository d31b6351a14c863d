import type { Request, RequestHandler } from 'express';
import type { Authenticated } from '../../identity/index.ts';
import { AppError, type Endpoint } from '../../platform/index.ts';
import { tenantOf } from '../open-request.ts';
import type { Limits, Spender } from './create-limits.ts';

type Identifying = { limits: Limits; authenticate: (request: Request) => Promise<Authenticated> };

/** These budgets are of a token's owner where there is a token; all others are of the address. */
const PERSONAL: ReadonlySet<string> = new Set([
  'account',
  'anonymous',
  'password-change',
  'second-factor',
]);

export function limitStrangers(limits: Limits, route: Endpoint): RequestHandler[] {
  const handlers = limits.stranger(route);
  if (!PERSONAL.has(route.limit)) return [...handlers];
  return handlers.map((limit) => (request, response, next) => {
    if (request.headers.authorization === undefined) limit(request, response, next);
    else next();
  });
}

/** A token that is none is counted as a stranger's request; a good one has its account's budgets. */
export function identify({ authenticate, limits }: Identifying, route: Endpoint): RequestHandler {
  const personal = PERSONAL.has(route.limit);
  const limitPerson = limits.signedIn(route);
  return async (request, response, next) => {
    let who: Authenticated;
    try {
      who = await authenticate(request);
    } catch (error) {
      const counts = personal && error instanceof AppError && error.status === 401;
      if (!counts) throw error;
      limits.badToken(request, response, (refused?: unknown) => next(refused ?? error));
      return;
    }
    response.locals['who'] = who;
    const { kind, accountId } = who.actor;
    if (!personal || kind !== 'human' || accountId === null) {
      next();
      return;
    }
    const tenantId = tenantOf(request);
    // Who is no member can't spend a tenant's budget.
    const member = tenantId !== null && who.standingIn(tenantId) !== null;
    const spender: Spender = { accountId, tenantId: member ? tenantId : null };
    response.locals['spender'] = spender;
    limitPerson(request, response, next);
  };
}
