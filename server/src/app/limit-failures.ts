import type { Request, RequestHandler } from 'express';
import { MemoryStore, type Options } from 'express-rate-limit';
import { AppError } from '../platform/index.ts';

type FailureLimit = {
  windowMs: number;
  limit: number;
  keyGenerator: (request: Request) => string;
};

/**
 * Refuses a key after `limit` answers 401 within the window. Only failures count, and only when they
 * are known: fifty people who sign in at the same minute behind one address are no attack. Until
 * then at most twice the limit may be on their way.
 */
export function limitFailures({ windowMs, limit, keyGenerator }: FailureLimit): RequestHandler {
  const failures = new MemoryStore();
  failures.init({ windowMs } as Options);
  const running = new Map<string, number>();
  return async (request, response, next) => {
    const key = keyGenerator(request);
    const known = await failures.get(key);
    const resetAt = known?.resetTime?.getTime() ?? Date.now() + windowMs;
    if (known && known.totalHits >= limit)
      throw tooMany(Math.max(1, Math.ceil((resetAt - Date.now()) / 1000)));
    const now = running.get(key) ?? 0;
    if (now >= 2 * limit) throw tooMany(5);
    running.set(key, now + 1);
    response.once('close', () => {
      const left = (running.get(key) ?? 1) - 1;
      if (left > 0) running.set(key, left);
      else running.delete(key);
      // Who hangs up before the answer gets no try for nothing.
      if (response.statusCode === 401 || !response.writableEnded) void failures.increment(key);
    });
    next();
  };
}

export function tooMany(seconds: number): AppError {
  return new AppError('rate_limited', `Too many requests; try again in ${seconds} s`, {
    retryAfterSeconds: seconds,
  });
}
