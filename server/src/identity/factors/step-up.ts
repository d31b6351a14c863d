import { recordOnPlatform } from '../../audit/index.ts';
import { AppError, type RequestContext } from '../../platform/index.ts';
import type { IdentityParts } from '../parts.ts';
import { endSession, findSessionState, type OpenedBy, type SessionRow } from '../repo.ts';
import { trustedAccount } from '../rights/trusted.ts';
import { showFactor } from '../start-session.ts';
import { answerChallenge } from './answer-challenge.ts';
import { askFor, type AskedFor } from './ask-for.ts';
import { hasCounting } from './counting-factors.ts';
import type { FactorAnswer } from './prove-factor.ts';

/** Asks a person who is signed in for a factor. */
export async function beginStepUp(ctx: RequestContext, parts: IdentityParts): Promise<AskedFor> {
  const { accountId, sessionId } = personOf(ctx);
  const { account, by } = await ctx.inControl(async (tx) => {
    const session = await findSessionState(tx, sessionId);
    const row = trustedAccount(parts.rights, session);
    const counts = row?.id === accountId && (await hasCounting(tx, row, row.onlyTenant));
    return { account: counts ? row : undefined, by: session && openedBy(session) };
  });
  if (!account)
    throw new AppError('not_allowed_now', 'You have no second factor yet: set one up first');
  return askFor(ctx, parts, { account, purpose: 'step-up', sessionId, ...(by ? { by } : {}) });
}

/** MFA-05: this session has shown a factor just now. After three wrong ones it is over. */
export async function stepUp(
  ctx: RequestContext,
  parts: IdentityParts,
  { challenge, answer }: { challenge: string; answer: FactorAnswer },
): Promise<void> {
  const { accountId, auditId, sessionId } = personOf(ctx);
  try {
    await answerChallenge(ctx, parts, {
      token: challenge,
      purpose: 'step-up',
      sessionId,
      answer,
      right: async (tx, account) => {
        await showFactor(tx, ctx, { sessionId, accountId });
        await recordOnPlatform(tx, ctx, {
          action: 'session.step_up',
          resourceType: 'account',
          resourceId: account.auditId,
          after: { kind: answer.kind },
        });
      },
      over: async (tx) => {
        await endSession(tx, sessionId, 'wrong_factor');
        await recordOnPlatform(tx, ctx, {
          action: 'session.end',
          resourceType: 'account',
          resourceId: auditId ?? 'unknown',
          after: { reason: 'wrong_factor' },
        });
      },
    });
  } finally {
    parts.sessions.forget(sessionId);
  }
}

/** What opened the session that asks: what counts in it depends on that. */
function openedBy({ connectionId, onlyTenant }: SessionRow): OpenedBy | undefined {
  return connectionId === null ? undefined : { connectionId, onlyTenant, providerSession: null };
}

function personOf({ actor }: RequestContext): {
  accountId: string;
  auditId: string | null;
  sessionId: string;
} {
  const { accountId, sessionId, auditId } = actor;
  if (accountId === null || sessionId === null)
    throw new AppError('unauthenticated', 'Sign in first');
  return { accountId, sessionId, auditId };
}
