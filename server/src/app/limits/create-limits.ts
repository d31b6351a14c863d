import { createHash } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import { rateLimit } from 'express-rate-limit';
import {
  createLeaseStore,
  type Endpoint,
  type Leases,
  type Platform,
} from '../../platform/index.ts';
import type { Parts } from '../parts.ts';
import { budgetsInForce, openBudget, type BudgetName, type LimitInForce } from './budgets.ts';
import { createSignInLimit } from './sign-in-limit.ts';
import { addressKey, emailOf } from './subjects-of.ts';
import { tooMany } from './too-many.ts';

/** Who sends a request, as far as its budgets go. */
export type Spender = { accountId: string; tenantId: string | null };

export type Limits = {
  /** Before a body or a token is read, for a request without a token. */
  stranger(route: Endpoint): readonly RequestHandler[];
  /** A token that is none is counted as a stranger's request. */
  readonly badToken: RequestHandler;
  /** For a request that is signed in. */
  signedIn(route: Endpoint): RequestHandler;
  /** When the body is read. */
  afterBody(route: Endpoint): readonly RequestHandler[];
  readonly inForce: readonly LimitInForce[];
};

/** Those of one's own account that are stricter than the rest. */
const OWN = new Set(['password-change', 'second-factor'] as const);

/**
 * Request budgets that all processes share, with the headers of the RateLimit draft. People behind
 * one address share only the budget of requests that are not signed in.
 */
export function createLimits({ platformFor }: Parts): Limits {
  const platform = platformFor('limits');
  const { config } = platform;
  const inForce = budgetsInForce(config);
  const leases = Object.fromEntries(
    Object.values(inForce).map((limit) => [limit.name, openBudget(platform, limit)]),
  ) as Record<BudgetName, Leases>;
  const limiter = (name: BudgetName, keyOf: KeyOf): RequestHandler =>
    limitBy(leases[name], inForce[name], keyOf);
  const signIn = createSignInLimit(platformFor('sign-in'));
  const anonymous = limiter('anonymous', addressKey);
  const named: Readonly<Record<Endpoint['limit'], readonly RequestHandler[]>> = {
    anonymous: [anonymous],
    account: [anonymous],
    'password-change': [anonymous],
    'second-factor': [anonymous],
    health: [limiter('health', addressKey)],
    registration: [limiter('registration', addressKey)],
    'password-reset': [anonymous],
    'sign-in': [signIn.byAddress, limitQuietly(leases['sign-in-requests'])],
    refresh: [limitRefresh(leases.anonymous, limiter('refresh', cookieKey))],
    // Whose it is, the body says: see afterBody.
    'mobile-refresh': [limitRefresh(leases.anonymous, (_request, _response, next) => next())],
  };
  const account = limiter('account', (_request, response) => spenderOf(response).accountId);
  const own = {
    'password-change': limiter('password-change', accountKey),
    'second-factor': limiter('second-factor', accountKey),
  };
  return {
    stranger: ({ limit }) => named[limit],
    badToken: anonymous,
    signedIn: (route) => {
      const others = limitTenantAndRoute(platform, leases.tenant, route);
      const strict = isOwn(route.limit) ? own[route.limit] : undefined;
      return (request, response, next) => {
        account(request, response, (refused?: unknown) => {
          if (refused !== undefined) next(refused);
          else if (strict) strict(request, response, next);
          else others(request, response, next);
        });
      };
    },
    afterBody: (route) => {
      if (route.limit === 'sign-in') return [signIn.byAccount(route)];
      if (route.limit === 'mobile-refresh') return [limiter('refresh', bodyTokenKey)];
      return route.limit === 'password-reset' ? [limiter('password-reset', emailKey)] : [];
    },
    inForce: Object.values(inForce),
  };
}

type KeyOf = (request: Request, response: Response) => string;

function limitBy(leases: Leases, { limit, windowSeconds }: LimitInForce, keyOf: KeyOf) {
  return rateLimit({
    windowMs: windowSeconds * 1_000,
    limit,
    keyGenerator: keyOf,
    store: createLeaseStore(leases),
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    validate: false,
    handler: (_request, response, next) => {
      next(tooMany(Number(response.getHeader('Retry-After') ?? windowSeconds)));
    },
  });
}

/** Of an address, beside a limit that has its own headers. */
function limitQuietly(leases: Leases): RequestHandler {
  return async (request, _response, next) => {
    const taken = await leases.take(addressKey(request));
    if (!taken.admitted) throw tooMany(Math.ceil(taken.leftMs / 1_000));
    next();
  };
}

/** No headers of their own: they bind only one who takes far more than the account's budget shows. */
function limitTenantAndRoute(
  platform: Platform,
  tenant: Leases,
  { method, path }: Endpoint,
): RequestHandler {
  const { config } = platform;
  const name = `${method.toUpperCase()} ${path}`;
  const route = openBudget(platform, {
    name,
    of: 'account and route',
    limit: config.CASEMATE_ROUTE_LIMITS.get(name) ?? config.CASEMATE_ROUTE_PER_MINUTE,
    windowSeconds: 60,
    whenAway: 'alone',
  });
  const spend = async ({ accountId, tenantId }: Spender): Promise<void> => {
    const taken = await route.take(accountId);
    if (!taken.admitted) throw tooMany(Math.ceil(taken.leftMs / 1_000));
    if (tenantId === null) return;
    const shared = await tenant.take(tenantId);
    if (!shared.admitted) throw tooMany(Math.ceil(shared.leftMs / 1_000));
  };
  // Called by another limiter and not by the router, which would hear of a promise that fails.
  return (_request, response, next) => {
    spend(spenderOf(response)).then(() => next(), next);
  };
}

/**
 * A refresh draws from its own session's budget, not from the address: a whole office refreshes
 * every quarter of an hour. One that fails, or whose sender does not
 * stay for the answer, is a stranger's request, paid for afterwards.
 */
function limitRefresh(strangers: Leases, ofSession: RequestHandler): RequestHandler {
  return (request, response, next) => {
    const address = addressKey(request);
    const spent = strangers.spent(address);
    if (spent) throw tooMany(Math.ceil(spent.leftMs / 1_000));
    response.once('close', () => {
      // Who hangs up before the answer has been as dear as who is refused.
      if (response.statusCode === 401 || !response.writableFinished) void strangers.take(address);
    });
    ofSession(request, response, next);
  };
}

function cookieKey(request: Request): string {
  const { cookie } = request.headers;
  if (cookie === undefined) return addressKey(request);
  return createHash('sha256').update(cookie).digest('base64url');
}

/** As `cookieKey`, for a client without cookies. */
const bodyTokenKey: KeyOf = (request) => {
  const { refreshToken } = (request.body ?? {}) as { refreshToken?: unknown };
  if (typeof refreshToken !== 'string') return addressKey(request);
  return createHash('sha256').update(`mobile|${refreshToken}`).digest('base64url');
};

/** Of the address that the body names, whether anybody has it or not. */
const emailKey: KeyOf = (request) => emailOf(request) ?? addressKey(request);

const accountKey: KeyOf = (_request, response) => spenderOf(response).accountId;

function spenderOf(response: Response): Spender {
  return (response.locals as { spender: Spender }).spender;
}

function isOwn(name: string): name is 'password-change' | 'second-factor' {
  return (OWN as ReadonlySet<string>).has(name);
}
