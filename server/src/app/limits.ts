import { createHash } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import { ipKeyGenerator, rateLimit, type Options } from 'express-rate-limit';
import { AppError, type Config, type LimitName } from '../platform/index.ts';

export type Limits = Readonly<Record<LimitName, RequestHandler>>;

/**
 * Request budgets, with the headers of the RateLimit draft. People behind one address share only
 * the budget of requests that are not signed in; a wrong password counts against address and
 * account together.
 */
export function createLimits(config: Config): Limits {
  return {
    anonymous: limiter({
      windowMs: 60_000,
      limit: config.CASEMATE_ANONYMOUS_PER_MINUTE,
      keyGenerator: addressOf,
    }),
    'sign-in': limiter({
      windowMs: 15 * 60_000,
      limit: config.CASEMATE_SIGN_IN_ATTEMPTS,
      keyGenerator: (request) => `${addressOf(request)}|${namedAccount(request)}`,
      skipSuccessfulRequests: true,
    }),
    account: limiter({
      windowMs: 60_000,
      limit: config.CASEMATE_ACCOUNT_PER_MINUTE,
      keyGenerator: (request, response) => accountOf(response) ?? addressOf(request),
    }),
  };
}

function limiter(options: Partial<Options>): RequestHandler {
  return rateLimit({
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    validate: false,
    handler: (_request, response, next) => {
      const seconds = Number(response.getHeader('Retry-After') ?? 60);
      const text = `Too many requests; try again in ${seconds} s`;
      next(new AppError('rate_limited', text, { retryAfterSeconds: seconds }));
    },
    ...options,
  });
}

function addressOf(request: Request): string {
  return ipKeyGenerator(request.ip ?? 'unknown', 64);
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
