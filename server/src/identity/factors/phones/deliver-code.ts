import {
  JobRefused,
  RetryLater,
  SmsRefused,
  type Job,
  type RequestContext,
  type SendSms,
} from '../../../platform/index.ts';
import type { IdentityParts } from '../../parts.ts';
import { findAccount } from '../../repo.ts';
import { trustedAccount } from '../../rights/trusted.ts';
import { placeOfSecret } from '../prove-factor.ts';
import { listFactorRows, type FactorRow } from '../repo.ts';
import { listTrustedFactors } from '../trusted-factors.ts';
import { findUnsent, markSent, type SmsCode } from './repo.ts';
import { digitsOf } from './send-code.ts';

type Parts = Pick<IdentityParts, 'rights'> & { sendSms: SendSms | null };

const AGAIN_SECONDS = 10;

/** Sends one code of the queue, which knows an id alone. Gives up when the code has run out. */
export async function deliverCode(ctx: RequestContext, parts: Parts, job: Job): Promise<void> {
  const id = job.subjectId ?? '';
  const code = await ctx.inControl((tx) => findUnsent(tx, id));
  if (!code) return;
  const phone = await findPhone(ctx, parts, code);
  if (!phone?.secret || !parts.sendSms) {
    await ctx.inControl((tx) => markSent(tx, { id, as: 'failed' }));
    return;
  }
  const fields = await ctx.openPlatformFields();
  const to = fields.decrypt(placeOfSecret(code.accountId, code.factorId), phone.secret);
  const { CASEMATE_HOST_NAME: host } = ctx.platform.config;
  try {
    await parts.sendSms({ to, text: textOf(host, digitsOf(ctx.platform.pepper, code)) });
  } catch (error) {
    // The gateway's words can quote the number.
    ctx.log.warn('the SMS gateway did not take a code', { refused: error instanceof SmsRefused });
    if (!(error instanceof SmsRefused))
      throw new RetryLater(AGAIN_SECONDS, 'the SMS gateway did not take it');
    await ctx.inControl((tx) => markSent(tx, { id, as: 'failed' }));
    throw new JobRefused('the SMS gateway does not take it');
  }
  await ctx.inControl((tx) => markSent(tx, { id, as: 'sent' }));
}

/** One that counts, or one that is being confirmed. */
function findPhone(
  ctx: RequestContext,
  { rights }: Parts,
  { accountId, factorId, challenge }: SmsCode,
): Promise<FactorRow | undefined> {
  return ctx.inControl(async (tx) => {
    const account = trustedAccount(rights, await findAccount(tx, { accountId }));
    if (!account) return undefined;
    const known = challenge
      ? await listTrustedFactors(tx, account)
      : (await listFactorRows(tx, accountId)).filter(({ confirmedAt }) => confirmedAt === null);
    return known.find(({ id, kind }) => id === factorId && kind === 'phone');
  });
}

/** The last line has browsers fill the code in at this host alone ("Origin-bound one-time codes", W3C). */
function textOf(host: string, digits: string): string {
  return [
    `${digits} is your code for Casemate, good for 5 minutes. Give it to nobody.`,
    `@${host} #${digits}`,
  ].join('\n\n');
}
