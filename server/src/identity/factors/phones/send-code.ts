import { timingSafeEqual } from 'node:crypto';
import { recordOnPlatform } from '../../../audit/index.ts';
import {
  AppError,
  enqueuePlatformJob,
  newId,
  type ControlTx,
  type RequestContext,
  type TokenPepper,
} from '../../../platform/index.ts';
import { placeOfSecret } from '../prove-factor.ts';
import type { FactorRow } from '../repo.ts';
import { countSent, insertCode, type Sent, type SmsCode } from './repo.ts';

export const SMS_JOB = 'account.sms';
const MINUTES = 5;

type Wish = {
  account: { id: string; auditId: string };
  phone: Pick<FactorRow, 'id' | 'secret'>;
  /** HMAC of the challenge's token; null to confirm a new number. */
  challenge: Buffer | null;
  /** Done in the transaction that writes the code. */
  before?: (tx: ControlTx) => Promise<void>;
};

/**
 * Has a code sent. What may be sent is counted in the database, for a person, a number, a challenge and the
 * installation; who has reached a limit is told when to come again, and the audit log is told.
 */
export async function sendCode(
  ctx: RequestContext,
  { account, phone, challenge, before }: Wish,
): Promise<{ expiresAt: Date }> {
  const { config, pepper } = ctx.platform;
  const fields = await ctx.openPlatformFields();
  const number = fields.decrypt(placeOfSecret(account.id, phone.id), phone.secret ?? '');
  const numberHash = pepper.mac('sms-number', number);
  const expiresAt = new Date(ctx.clock.now().getTime() + MINUTES * 60_000);
  const over = await ctx.inControl(async (tx) => {
    const sent = await countSent(tx, { accountId: account.id, numberHash, challenge });
    const limit = limitReached(sent, config.CASEMATE_SMS_PER_DAY);
    if (limit) {
      await recordOnPlatform(tx, ctx, {
        action: 'factor.send_limit',
        outcome: 'refused',
        resourceType: 'account',
        resourceId: account.auditId,
        after: { of: limit.of },
      });
      return limit;
    }
    await before?.(tx);
    const id = newId();
    const code = { id, accountId: account.id, factorId: phone.id, challenge, expiresAt };
    await insertCode(tx, { ...code, numberHash });
    await recordOnPlatform(tx, ctx, {
      action: 'factor.send_code',
      resourceType: 'account',
      resourceId: account.auditId,
    });
    await enqueuePlatformJob(tx, { kind: SMS_JOB, subjectId: id });
    return undefined;
  });
  if (!over) return { expiresAt };
  throw new AppError('rate_limited', over.says, { retryAfterSeconds: over.seconds });
}

type Limit = { of: string; says: string; seconds: number };

const LATER = 'Too many codes were sent; take another factor, or try again later';

function limitReached(sent: Sent, perDay: number): Limit | undefined {
  if (sent.justNow)
    return { of: 'pause', says: 'A code was sent just now; wait a moment', seconds: 20 };
  if (sent.ofChallenge >= 3) return { of: 'challenge', says: LATER, seconds: 300 };
  if (sent.ofAccount >= 5) return { of: 'account', says: LATER, seconds: 3_600 };
  if (sent.ofNumber >= 5) return { of: 'number', says: LATER, seconds: 3_600 };
  if (sent.ofNumberToday >= 10) return { of: 'number of a day', says: LATER, seconds: 43_200 };
  if (sent.ofAll >= perDay) return { of: 'installation', says: LATER, seconds: 43_200 };
  return undefined;
}

/**
 * The six digits of a code: drawn from its id and what it is for, under the pepper. They stand nowhere, and who
 * has the database can't work them out.
 */
export function digitsOf(pepper: TokenPepper, code: SmsCode): string {
  const { id, accountId, factorId, challenge, expiresAt } = code;
  const facts = [id, accountId, factorId, challenge?.toString('hex') ?? null, expiresAt.getTime()];
  const drawn = pepper.mac('sms-code', JSON.stringify(facts)).readBigUInt64BE();
  return String(drawn % 1_000_000n).padStart(6, '0');
}

export function isRightCode(pepper: TokenPepper, code: SmsCode, given: string): boolean {
  const right = Buffer.from(digitsOf(pepper, code));
  const shown = Buffer.from(given);
  return shown.length === right.length && timingSafeEqual(shown, right);
}
