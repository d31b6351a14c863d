import { createHash } from 'node:crypto';
import { recordOnPlatform } from '../../audit/index.ts';
import {
  AppError,
  beginTry,
  endTry,
  insertLockout,
  type ControlTx,
  type RequestContext,
  type Subject,
  type TryOutcome,
} from '../../platform/index.ts';

export type TriedKind = 'factor' | 'recovery';
type Tried = { kind: TriedKind; accountId: string; auditId: string };

/**
 * Begins a try of an account's codes, counted in the database for all processes and addresses
 * together (MFA-04). Throws rate_limited while it is locked, or while others run that could fill it.
 */
export async function beginFactorTry(ctx: RequestContext, tried: Tried): Promise<void> {
  const { subject, windowSeconds } = countedAs(ctx, tried);
  const refusal = await ctx.inControl((tx) => beginTry(tx, [subject], windowSeconds));
  if (!refusal) return;
  const { leftSeconds, locked } = refusal;
  const wait = leftSeconds > 90 ? `${Math.ceil(leftSeconds / 60)} minutes` : `${leftSeconds} s`;
  const why = locked ? 'Too many wrong codes' : 'Too many codes at the same time';
  throw new AppError('rate_limited', `${why}; try again in ${wait}`, {
    retryAfterSeconds: leftSeconds,
  });
}

/** Ends it, in the transaction that judges the code; a lockout is written and audited with it. */
export async function endFactorTry(
  tx: ControlTx,
  ctx: RequestContext,
  { outcome, ...tried }: Tried & { outcome: TryOutcome },
): Promise<void> {
  const { subject, windowSeconds } = countedAs(ctx, tried);
  for (const lock of await endTry(tx, [subject], { outcome, windowSeconds })) {
    const { auditId } = tried;
    const id = await insertLockout(tx, { ...lock, ip: ctx.ip, auditId, seconds: windowSeconds });
    await recordOnPlatform(tx, ctx, {
      action: 'factor.lock',
      outcome: 'refused',
      resourceType: 'lockout',
      resourceId: id,
      after: { of: lock.kind, account: auditId, failures: lock.failures, seconds: windowSeconds },
    });
  }
}

function countedAs(
  { platform: { config } }: RequestContext,
  { kind, accountId }: Tried,
): { subject: Subject; windowSeconds: number } {
  const limit =
    kind === 'recovery'
      ? config.CASEMATE_RECOVERY_FAILURES
      : config.CASEMATE_SECOND_FACTOR_FAILURES;
  const subject = createHash('sha256').update(`${kind}|${accountId}`).digest();
  return {
    subject: { kind, subject, limit, together: limit },
    windowSeconds: config.CASEMATE_SIGN_IN_LOCK_MINUTES * 60,
  };
}
