import { createHash } from 'node:crypto';
import { recordOnPlatform } from '../../../audit/index.ts';
import {
  AppError,
  beginTry,
  endTry,
  insertLockout,
  type RequestContext,
  type Subject,
  type TryOutcome,
} from '../../../platform/index.ts';
import { hashSubject } from '../seals.ts';
import type { ConnectionRow } from '../repo.ts';

/**
 * Passwords that are tried of one person of a directory, under whatever address and by whatever route (AUT-04).
 * Throws rate_limited while there were too many.
 */
export async function beginPersonTry(
  ctx: RequestContext,
  connection: ConnectionRow,
  subject: string,
): Promise<void> {
  const { subjects, windowSeconds } = countedAs(ctx, connection, subject);
  const refusal = await ctx.inControl((tx) => beginTry(tx, subjects, windowSeconds));
  if (!refusal) return;
  const { leftSeconds } = refusal;
  const wait = leftSeconds > 90 ? `${Math.ceil(leftSeconds / 60)} minutes` : `${leftSeconds} s`;
  throw new AppError('rate_limited', `Too many tries; try again in ${wait}`, {
    retryAfterSeconds: leftSeconds,
  });
}

export async function endPersonTry(
  ctx: RequestContext,
  connection: ConnectionRow,
  { subject, outcome }: { subject: string; outcome: TryOutcome },
): Promise<void> {
  const { subjects, windowSeconds } = countedAs(ctx, connection, subject);
  await ctx.inControl(async (tx) => {
    for (const lock of await endTry(tx, subjects, { outcome, windowSeconds })) {
      const told = { ...lock, ip: ctx.ip, auditId: null, seconds: windowSeconds };
      const id = await insertLockout(tx, told);
      await recordOnPlatform(tx, ctx, {
        action: 'session.lock',
        outcome: 'refused',
        resourceType: 'lockout',
        resourceId: id,
        ...(connection.tenantId === null ? {} : { tenantId: connection.tenantId }),
        after: { of: lock.kind, connection: connection.id, failures: lock.failures },
      });
    }
  });
}

function countedAs(
  ctx: RequestContext,
  connection: ConnectionRow,
  subject: string,
): { subjects: Subject[]; windowSeconds: number } {
  const { config } = ctx.platform;
  const who = hashSubject(ctx, connection, subject).toString('hex');
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  const [pair, all] = [
    config.CASEMATE_SIGN_IN_ATTEMPTS,
    config.CASEMATE_SIGN_IN_FAILURES_PER_ACCOUNT,
  ];
  return {
    subjects: [
      { kind: 'pair', subject: digest(`ldap|${who}|${ctx.ip}`), limit: pair, together: pair },
      { kind: 'account', subject: digest(`ldap|${who}`), limit: all, together: all },
    ],
    windowSeconds: config.CASEMATE_SIGN_IN_LOCK_MINUTES * 60,
  };
}
