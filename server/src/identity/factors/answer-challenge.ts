import { recordOnPlatform } from '../../audit/index.ts';
import { AppError, type ControlTx, type RequestContext } from '../../platform/index.ts';
import type { IdentityParts } from '../parts.ts';
import { findAccount, type AccountRow, type OpenedBy } from '../repo.ts';
import { trustedAccount } from '../rights/trusted.ts';
import { countWrong, endChallenge, lockChallenge } from './challenge-repo.ts';
import { goneChallenge, readChallenge } from './challenge.ts';
import { beginFactorTry, endFactorTry, type TriedKind } from './count-tries.ts';
import { proveFactor, type Claim, type FactorAnswer } from './prove-factor.ts';
import { findAnswering, type Counted } from './answering-factors.ts';

/** MFA-04. */
const MOST_WRONG = 3;

export type Answering<T> = {
  token: string;
  purpose: 'sign-in' | 'mobile' | 'step-up';
  /** The session that asks, where one is. */
  sessionId: string | null;
  answer: FactorAnswer;
  /** Done in the transaction in which the factor is taken. */
  right: (tx: ControlTx, account: AccountRow, by: OpenedBy | null) => Promise<T>;
  /** Done in the transaction that counts the last wrong answer. */
  over?: (tx: ControlTx, account: AccountRow) => Promise<void>;
};

type Verdict<T> = { kind: 'right'; value: T } | { kind: 'wrong' | 'over' | 'gone' };

/**
 * Judges an answer to a challenge. What was shown is taken, the challenge ended and the work done in
 * one transaction under the challenge's lock: of any number of parallel answers one is right. Throws
 * invalid_input for a wrong answer, gone once the challenge is over.
 */
export async function answerChallenge<T>(
  ctx: RequestContext,
  { rights }: IdentityParts,
  asked: Answering<T>,
): Promise<T> {
  const { account, answering, hash, by } = await ctx.inControl(async (tx) => {
    const challenge = await readChallenge(tx, ctx, asked);
    const { accountId } = challenge;
    if (accountId === null || challenge.sessionId !== asked.sessionId) throw goneChallenge();
    const row = trustedAccount(rights, await findAccount(tx, { accountId }));
    if (!row) throw goneChallenge();
    const known = await findAnswering(tx, rights, {
      ...{ account: row, by: challenge.by },
      purpose: asked.purpose,
    });
    return { account: row, answering: known, hash: challenge.hash, by: challenge.by };
  });
  const kind: TriedKind = asked.answer.kind === 'recovery' ? 'recovery' : 'factor';
  const tried = { kind, accountId: account.id, auditId: account.auditId };
  await beginFactorTry(ctx, tried);
  const claim = await prove(ctx, { tried, account, answering, asked });
  const verdict = await ctx.inControl(async (tx): Promise<Verdict<T>> => {
    if (!(await lockChallenge(tx, hash))) {
      await endFactorTry(tx, ctx, { ...tried, outcome: 'unknown' });
      return { kind: 'gone' };
    }
    if (claim && (await claim(tx))) {
      await endChallenge(tx, hash);
      await endFactorTry(tx, ctx, { ...tried, outcome: 'right' });
      return { kind: 'right', value: await asked.right(tx, account, by) };
    }
    const over = await countWrong(tx, hash, MOST_WRONG);
    await endFactorTry(tx, ctx, { ...tried, outcome: 'wrong' });
    await recordOnPlatform(tx, ctx, {
      action: over ? 'factor.challenge_end' : 'factor.verify',
      outcome: 'refused',
      resourceType: 'account',
      resourceId: account.auditId,
      after: { kind: asked.answer.kind, purpose: asked.purpose },
    });
    if (over) await asked.over?.(tx, account);
    return { kind: over ? 'over' : 'wrong' };
  });
  if (verdict.kind === 'right') return verdict.value;
  if (verdict.kind === 'wrong') throw wrongFactor(asked.answer.kind);
  throw goneChallenge();
}

type Proving = {
  tried: { kind: TriedKind; accountId: string; auditId: string };
  account: AccountRow;
  answering: Counted;
  asked: { token: string; answer: FactorAnswer };
};

/** A fault of our own counts as no try. */
async function prove(
  ctx: RequestContext,
  { tried, account, answering, asked }: Proving,
): Promise<Claim | undefined> {
  try {
    const { token, answer } = asked;
    return await proveFactor(ctx, { accountId: account.id, ...answering, token, answer });
  } catch (error) {
    await ctx.inControl((tx) => endFactorTry(tx, ctx, { ...tried, outcome: 'unknown' }));
    throw error;
  }
}

function wrongFactor(kind: FactorAnswer['kind']): AppError {
  const message =
    kind === 'passkey'
      ? 'This passkey was not accepted'
      : 'This code is wrong, or was used before: wait for the next one';
  return new AppError('invalid_input', message, { fields: [{ path: 'body.code', message }] });
}
