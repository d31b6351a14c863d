import { createHash } from 'node:crypto';
import type { RequestContext } from '../../platform/index.ts';
import { answerChallenge } from '../factors/answer-challenge.ts';
import { askFor, type AskedFor } from '../factors/ask-for.ts';
import { isAsked } from '../factors/counting-factors.ts';
import { boundToken } from '../factors/challenge.ts';
import type { FactorAnswer } from '../factors/prove-factor.ts';
import type { IdentityParts } from '../parts.ts';
import { checkPassword } from '../sign-in.ts';
import {
  openSession,
  viewSession,
  type SessionView,
  type StartedSession,
} from '../start-session.ts';
import type { Account } from '../repo.ts';

/** As a browser's, with the refresh token: there is no cookie to carry it. */
export type MobileSession = SessionView & { refreshToken: string };

type SignIn = { email: string; password: string; device: string; codeChallenge: string };

/**
 * The first step. A challenge that it may give is bound to the verifier whose SHA-256 the client sent
 * (as RFC 7636 binds a code): who reads the answer on its way can't go on with it.
 */
export async function signInOnMobile(
  ctx: RequestContext,
  parts: IdentityParts,
  { email, password, device, codeChallenge }: SignIn,
): Promise<MobileSession | AskedFor> {
  const account = await checkPassword(ctx, parts, { email, password });
  if (await ctx.inControl((tx) => isAsked(tx, account, null)))
    return askFor(ctx, parts, {
      account,
      purpose: 'mobile',
      sessionId: null,
      binds: codeChallenge,
    });
  const started = await ctx.inControl((tx) =>
    openSession(tx, ctx, { ...account, device: { name: device } }),
  );
  return view(ctx, parts, { ...started, account });
}

type Second = { challenge: string; codeVerifier: string; answer: FactorAnswer; device: string };

/** The second step: the same rules, counts and locks as in a browser. */
export async function answerOnMobile(
  ctx: RequestContext,
  parts: IdentityParts,
  { challenge, codeVerifier, answer, device }: Second,
): Promise<MobileSession> {
  const started = await answerChallenge(ctx, parts, {
    token: boundToken(challenge, codeChallengeOf(codeVerifier)),
    purpose: 'mobile',
    sessionId: null,
    answer,
    right: async (tx, account) => ({
      account,
      ...(await openSession(tx, ctx, { ...account, factorShown: true, device: { name: device } })),
    }),
  });
  return view(ctx, parts, started);
}

/** S256 of RFC 7636, 4.2. */
export function codeChallengeOf(codeVerifier: string): string {
  return createHash('sha256').update(codeVerifier, 'ascii').digest('base64url');
}

async function view(
  ctx: RequestContext,
  parts: IdentityParts,
  { account, sessionId, refreshToken }: StartedSession & { account: Account },
): Promise<MobileSession> {
  const shown = await viewSession(ctx, parts, { account, sessionId, client: 'mobile' });
  return { ...shown, refreshToken };
}
