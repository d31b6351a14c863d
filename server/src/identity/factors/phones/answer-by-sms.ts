import { AppError, type ControlTx, type RequestContext } from '../../../platform/index.ts';
import type { IdentityParts } from '../../parts.ts';
import { findAccount } from '../../repo.ts';
import { trustedAccount } from '../../rights/trusted.ts';
import { goneChallenge, readChallenge } from '../challenge.ts';
import type { FactorRow } from '../repo.ts';
import { findAnswering } from '../answering-factors.ts';
import { findLiveCode, takeCode } from './repo.ts';
import { isRightCode, sendCode } from './send-code.ts';

type Asked = {
  token: string;
  purpose: 'sign-in' | 'mobile' | 'step-up';
  /** The session that asks, where one is. */
  sessionId: string | null;
};

/** Sends a code that answers this challenge and no other. Throws gone when there is none to answer. */
export async function sendChallengeCode(
  ctx: RequestContext,
  { rights }: IdentityParts,
  asked: Asked,
): Promise<{ expiresAt: Date }> {
  const { account, phone, challenge } = await ctx.inControl(async (tx) => {
    const row = await readChallenge(tx, ctx, asked);
    const { accountId } = row;
    if (accountId === null || row.sessionId !== asked.sessionId) throw goneChallenge();
    const found = trustedAccount(rights, await findAccount(tx, { accountId }));
    if (!found) throw goneChallenge();
    const { factors } = await findAnswering(tx, rights, {
      ...{ account: found, by: row.by },
      purpose: asked.purpose,
    });
    return {
      account: found,
      phone: factors.find(({ kind }) => kind === 'phone'),
      challenge: row.hash,
    };
  });
  if (!phone || ctx.platform.config.CASEMATE_SMS_DRIVER === undefined)
    throw new AppError('not_allowed_now', 'No code can be sent for this account');
  return sendCode(ctx, { account, phone, challenge });
}

type Given = { accountId: string; factors: readonly FactorRow[]; token: string; code: string };

/** Gives what takes the code that was sent for this challenge, or nothing when it is wrong. */
export async function proveSms(
  ctx: RequestContext,
  { accountId, factors, token, code: given }: Given,
): Promise<((tx: ControlTx) => Promise<boolean>) | undefined> {
  const { pepper } = ctx.platform;
  const challenge = pepper.mac('factor-challenge', token);
  const code = await ctx.inControl((tx) => findLiveCode(tx, { accountId, challenge }));
  const phone = factors.find(({ id, kind }) => id === code?.factorId && kind === 'phone');
  if (!code || !phone || !isRightCode(pepper, code, given)) return undefined;
  return (tx) => takeCode(tx, { id: code.id, factorId: phone.id });
}
