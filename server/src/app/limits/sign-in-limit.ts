import type { Request, RequestHandler, Response } from 'express';
import { recordOnPlatform } from '../../audit/index.ts';
import { findAuditId, findDevice, maybeDevice, queueLockNotice } from '../../identity/index.ts';
import {
  anonymous,
  beginTry,
  endTry,
  insertLockout,
  parseInput,
  type Endpoint,
  type Platform,
  type Subject,
  type TryOutcome,
} from '../../platform/index.ts';
import { addressOf } from '../address-of.ts';
import { beforeAnswer } from '../before-answer.ts';
import { addressKey, connectionOf, emailOf, subjectsOf } from './subjects-of.ts';
import { tooManyTries } from './too-many.ts';

/** A locked address is refused from memory for so long: an administrator's unlock takes effect then. */
const REMEMBER_MS = 5_000;
const MOST_REMEMBERED = 10_000;

export type SignInLimit = {
  /** Before the body is read. */
  readonly byAddress: RequestHandler;
  /** When it is. A body that the route does not take counts as no try and costs no statement. */
  byAccount(route: Endpoint): RequestHandler;
};

/**
 * Wrong passwords, counted in the database by its own clock, so that all processes agree: of an
 * e-mail from one address, of an address, of an e-mail; of an e-mail in a browser that has signed in
 * before by themselves. Closed when the database is away. Each
 * lockout is written and audited in the transaction that counts the failure.
 */
export function createSignInLimit(platform: Platform): SignInLimit {
  const { config, db, clock, pepper } = platform;
  const windowSeconds = config.CASEMATE_SIGN_IN_LOCK_MINUTES * 60;
  const locked = new Map<string, { until: number; leftSeconds: number }>();
  const policy = `"sign-in"; q=${config.CASEMATE_SIGN_IN_ATTEMPTS}; w=${windowSeconds}`;

  const remember = (address: string, leftSeconds: number): void => {
    if (locked.size >= MOST_REMEMBERED) locked.clear();
    locked.set(address, { until: performance.now() + REMEMBER_MS, leftSeconds });
  };
  const refuse = (response: Response, leftSeconds: number, isLocked: boolean): never => {
    response.setHeader('RateLimit', `"sign-in"; r=0; t=${leftSeconds}`);
    throw tooManyTries(leftSeconds, isLocked);
  };
  return {
    byAddress: (request, response, next) => {
      response.setHeader('RateLimit-Policy', policy);
      const address = addressKey(request);
      const known = locked.get(address);
      // A known browser is not of its address; whether it is one, the e-mail in the body tells.
      if (known && known.until > performance.now() && !maybeDevice(request))
        refuse(response, known.leftSeconds, true);
      if (known && known.until <= performance.now()) locked.delete(address);
      next();
    },
    byAccount: (route) => async (request, response, next) => {
      parseInput(route, request);
      const email = emailOf(request);
      if (email === undefined) {
        next();
        return;
      }
      const address = addressKey(request);
      const now = clock.now().getTime();
      const connection = connectionOf(request);
      const known = connection === undefined;
      const group = known ? findDevice(request, { pepper, email, now }) : undefined;
      const tried = known ? email : `${connection}|${email}`;
      const subjects = subjectsOf(config, { address, email: tried, group });
      const refusal = await db.inControl((tx) => beginTry(tx, subjects, windowSeconds));
      if (refusal) {
        if (refusal.kind === 'address' && refusal.locked) remember(address, refusal.leftSeconds);
        refuse(response, refusal.leftSeconds, refusal.locked);
      }
      beforeAnswer(response, (status) =>
        end(platform, {
          ...{ request, response, subjects, outcome: outcomeOf(status) },
          email: known ? email : null,
        }),
      );
      next();
    },
  };
}

/** Who hangs up before the answer gets no try for nothing. */
function outcomeOf(status: number | null): TryOutcome {
  if (status === 401 || status === null) return 'wrong';
  return status < 300 ? 'right' : 'unknown';
}

type Ended = {
  request: Request;
  response: Response;
  subjects: readonly Subject[];
  /** Null where no password of an account here was tried. */
  email: string | null;
  outcome: TryOutcome;
};

async function end({ config, db }: Platform, ended: Ended): Promise<void> {
  const { request, response, subjects, email, outcome } = ended;
  const windowSeconds = config.CASEMATE_SIGN_IN_LOCK_MINUTES * 60;
  const { requestId } = response.locals as { requestId: string };
  const ip = addressOf(request);
  const source = {
    actor: anonymous,
    ip,
    userAgent: request.headers['user-agent'] ?? null,
    requestId,
  };
  await db.inControl(async (tx) => {
    for (const lock of await endTry(tx, subjects, { outcome, windowSeconds })) {
      const named = lock.kind === 'address' ? null : email;
      const auditId = named === null ? null : await findAuditId(tx, named);
      const id = await insertLockout(tx, { ...lock, ip, auditId, seconds: windowSeconds });
      await recordOnPlatform(tx, source, {
        action: 'session.lock',
        outcome: 'refused',
        resourceType: 'lockout',
        resourceId: id,
        after: { of: lock.kind, account: auditId, failures: lock.failures, seconds: windowSeconds },
      });
      await queueLockNotice(tx, config, auditId);
    }
  });
}
