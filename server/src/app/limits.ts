import { createHash } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import { ipKeyGenerator, rateLimit, type Options } from 'express-rate-limit';
import type { Config } from '../platform/index.ts';
import { addressOf } from './address-of.ts';
import { limitFailures, tooMany } from './limit-failures.ts';

export type Limits = {
  /** By address alone, before a body or a token is read. */
  readonly address: Readonly<Record<'anonymous' | 'health' | 'sign-in', RequestHandler>>;
  /** For a request that is signed in. */
  readonly account: RequestHandler;
  /** By the e-mail that the body names. */
  readonly signIn: readonly RequestHandler[];
};

const MINUTE_MS = 60_000;
const SIGN_IN_MS = 15 * MINUTE_MS;

/**
 * Request budgets, with the headers of the RateLimit draft. People behind one address share only
 * the budget of requests that are not signed in. Wrong passwords count against address and account
 * together, against the address over all accounts, and against the account over all addresses.
 */
export function createLimits(config: Config): Limits {
  const failuresOf = (limit: number, keyGenerator: (request: Request) => string): RequestHandler =>
    limiter({
      windowMs: SIGN_IN_MS,
      limit,
      keyGenerator,
      skipSuccessfulRequests: true,
      requestWasSuccessful: (_request, response) => response.statusCode !== 401,
    });
  return {
    address: {
      anonymous: perMinute(config.CASEMATE_ANONYMOUS_PER_MINUTE, addressKey),
      health: perMinute(config.CASEMATE_HEALTH_PER_MINUTE, addressKey),
      'sign-in': limitFailures({
        windowMs: SIGN_IN_MS,
        limit: config.CASEMATE_SIGN_IN_FAILURES_PER_ADDRESS,
        keyGenerator: addressKey,
      }),
    },
    account: perMinute(
      config.CASEMATE_ACCOUNT_PER_MINUTE,
      (request, response) => accountOf(response) ?? addressKey(request),
    ),
    signIn: [
      failuresOf(
        config.CASEMATE_SIGN_IN_ATTEMPTS,
        (request) => `${addressKey(request)}|${namedAccount(request)}`,
      ),
      failuresOf(config.CASEMATE_SIGN_IN_FAILURES_PER_ACCOUNT, namedAccount),
    ],
  };
}

function perMinute(
  limit: number,
  keyGenerator: (request: Request, response: Response) => string,
): RequestHandler {
  return limiter({ windowMs: MINUTE_MS, limit, keyGenerator });
}

function limiter(options: Partial<Options>): RequestHandler {
  return rateLimit({
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    validate: false,
    handler: (_request, response, next) => {
      next(tooMany(Number(response.getHeader('Retry-After') ?? 60)));
    },
    ...options,
  });
}

/** An IPv6 customer has a whole /64 to choose addresses from. */
function addressKey(request: Request): string {
  return ipKeyGenerator(addressOf(request) ?? 'unknown', 64);
}

function accountOf(response: Response): string | undefined {
  const { account } = response.locals as { account?: string };
  return account;
}

function namedAccount(request: Request): string {
  const { email } = (request.body ?? {}) as { email?: unknown };
  const name = typeof email === 'string' ? email.toLowerCase() : '';
  return createHash('sha256').update(name).digest('hex').slice(0, 16);
}
