import { AppError, type RequestContext } from '../../platform/index.ts';
import type { IdentityParts } from '../parts.ts';
import { findAccount, type Account, type AccountRow } from '../repo.ts';
import { trustedAccount } from '../rights/trusted.ts';
import { openSession, viewSession, type SessionView } from '../start-session.ts';
import { answerChallenge } from './answer-challenge.ts';
import { countWrong, endChallenge, lockChallenge } from './challenge-repo.ts';
import { goneChallenge, makeChallenge, readChallenge } from './challenge.ts';
import { askFor, type AskedFor } from './ask-for.ts';
import { passkeyOptionsOf, verifyPasskey, type PasskeyAnswer } from './passkeys/verify-passkey.ts';
import { factsOfNoTenant } from './counting-factors.ts';
import type { FactorAnswer } from './prove-factor.ts';
import { findAccountOfCredential } from './repo.ts';
import { listTrustedFactors } from './trusted-factors.ts';

export type SignedIn = { view: SessionView; refreshToken: string; email: string };

/** After the right password of somebody who has a factor: not a session, but a question. */
export function askAfterPassword(
  ctx: RequestContext,
  parts: IdentityParts,
  account: AccountRow,
): Promise<AskedFor> {
  return askFor(ctx, parts, { account, purpose: 'sign-in', sessionId: null });
}

/** The second step of signing in. */
export async function signInWithFactor(
  ctx: RequestContext,
  parts: IdentityParts,
  { challenge, answer }: { challenge: string; answer: FactorAnswer },
): Promise<SignedIn> {
  const started = await answerChallenge(ctx, parts, {
    token: challenge,
    purpose: 'sign-in',
    sessionId: null,
    answer,
    right: async (tx, account, by) => ({
      account,
      ...(await openSession(tx, ctx, { ...account, factorShown: true, ...(by ? { by } : {}) })),
    }),
  });
  return finish(ctx, parts, started);
}

/** Asks for any passkey of this host; whoever has one need not say who they are. */
export async function askForPasskey(
  ctx: RequestContext,
): Promise<{ challenge: string; expiresAt: Date; options: Record<string, unknown> }> {
  const { token, expiresAt } = await ctx.inControl((tx) =>
    makeChallenge(tx, ctx, { purpose: 'passkey', accountId: null, sessionId: null }),
  );
  const options = await passkeyOptionsOf(ctx, { token, factors: null });
  return { challenge: token, expiresAt, options };
}

/**
 * MFA-06: a passkey that has looked at its person signs in alone, but for one that was made by the word of a
 * tenant's directory. One answer to each challenge.
 */
export async function signInWithPasskey(
  ctx: RequestContext,
  parts: IdentityParts,
  { challenge, response }: { challenge: string; response: PasskeyAnswer },
): Promise<SignedIn> {
  const { hash, account, factors } = await ctx.inControl(async (tx) => {
    const row = await readChallenge(tx, ctx, { token: challenge, purpose: 'passkey' });
    const credentialId = Buffer.from(response.id, 'base64url');
    const accountId = await findAccountOfCredential(tx, credentialId);
    const found = accountId === undefined ? undefined : await findAccount(tx, { accountId });
    const trusted = trustedAccount(parts.rights, found);
    const alone = trusted && { id: trusted.id, factors: factsOfNoTenant(trusted.factors) };
    const known = alone ? await listTrustedFactors(tx, alone) : [];
    return { hash: row.hash, account: trusted, factors: known };
  });
  const claim =
    account &&
    (await verifyPasskey(ctx, {
      ...{ accountId: account.id, factors, token: challenge, response },
      alone: true,
    }));
  const started = await ctx.inControl(async (tx) => {
    if (!(await lockChallenge(tx, hash))) throw goneChallenge();
    if (!account || !claim || !(await claim(tx))) {
      await countWrong(tx, hash, 1);
      return undefined;
    }
    await endChallenge(tx, hash);
    return { account, ...(await openSession(tx, ctx, { ...account, factorShown: true })) };
  });
  if (!started) throw new AppError('unauthenticated', 'This passkey was not accepted');
  return finish(ctx, parts, started);
}

type Opened = { account: Account; sessionId: string; refreshToken: string };

async function finish(
  ctx: RequestContext,
  parts: IdentityParts,
  { account, sessionId, refreshToken }: Opened,
): Promise<SignedIn> {
  const view = await viewSession(ctx, parts, { account, sessionId });
  return { view, refreshToken, email: account.email };
}
