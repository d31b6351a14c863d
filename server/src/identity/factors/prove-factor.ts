import type { ControlTx, RequestContext } from '../../platform/index.ts';
import { proveSms } from './phones/answer-by-sms.ts';
import { verifyPasskey, type PasskeyAnswer } from './passkeys/verify-passkey.ts';
import { hashOfCode } from './recovery-codes.ts';
import { takeRecoveryCode, takeStep, type FactorRow } from './repo.ts';
import { findStep } from './totp.ts';

export type FactorAnswer =
  | { kind: 'totp'; code: string }
  | { kind: 'sms'; code: string }
  | { kind: 'recovery'; code: string }
  | { kind: 'passkey'; response: PasskeyAnswer };

/** Takes what was shown, once; false when somebody else has taken it. In the caller's transaction. */
export type Claim = (tx: ControlTx) => Promise<boolean>;

type Asked = {
  accountId: string;
  /** Those that the seal of the account names, and that count. */
  factors: readonly FactorRow[];
  tenantIds: readonly string[];
  /** Of the challenge that is answered. */
  token: string;
  answer: FactorAnswer;
};

/**
 * Looks at an answer outside any transaction, since keys may have to be asked for. Gives what takes it
 * once, or nothing when it is wrong.
 */
export async function proveFactor(ctx: RequestContext, asked: Asked): Promise<Claim | undefined> {
  const { accountId, factors, tenantIds, token, answer } = asked;
  switch (answer.kind) {
    case 'totp':
      return proveTotp(ctx, { accountId, factors, code: answer.code });
    case 'sms':
      return proveSms(ctx, { accountId, factors, token, code: answer.code });
    case 'recovery': {
      const hashes = [null, ...tenantIds].map((onlyTenant) =>
        hashOfCode(ctx.platform.pepper, { accountId, onlyTenant }, answer.code),
      );
      return (tx) => takeRecoveryCode(tx, accountId, hashes);
    }
    case 'passkey':
      return verifyPasskey(ctx, { accountId, factors, token, response: answer.response });
    default:
      return answer satisfies never;
  }
}

async function proveTotp(
  ctx: RequestContext,
  { accountId, factors, code }: { accountId: string; factors: readonly FactorRow[]; code: string },
): Promise<Claim | undefined> {
  const fields = await ctx.openPlatformFields();
  for (const { id, kind, secret } of factors) {
    if (kind !== 'totp' || secret === null) continue;
    const seed = fields.decrypt(placeOfSecret(accountId, id), secret);
    const step = findStep(seed, code, ctx.clock.now());
    if (step !== undefined) return (tx) => takeStep(tx, id, step);
  }
  return undefined;
}

/** The associated data of a seed: the row of another account, or of another factor, does not open. */
export function placeOfSecret(
  accountId: string,
  factorId: string,
): { table: string; row: string; field: string } {
  return { table: 'account_secrets', row: `${accountId}/${factorId}`, field: 'value' };
}
