import { recordOnPlatform } from '../../audit/index.ts';
import { AppError, type RequestContext } from '../../platform/index.ts';
import type { IdentityParts } from '../parts.ts';
import { findSessionState, type AccountRow } from '../repo.ts';
import { trustedAccount } from '../rights/trusted.ts';
import { findAnswering } from './answering-factors.ts';
import { changeFactors } from './change-factors.ts';
import { countingFacts, findReach, hasCounting, reachOf } from './counting-factors.ts';
import { requireFreshPerson, writeRecoveryCodes } from './enrol.ts';
import { findRelyingParty } from './passkeys/relying-party.ts';
import {
  countRecoveryCodes,
  removeFactors,
  replaceRecoveryCodes,
  type FactorKind,
} from './repo.ts';
import { factsWithout, listTrustedFactors } from './trusted-factors.ts';

export type OwnFactors = {
  factors: {
    id: string;
    kind: FactorKind;
    name: string;
    createdAt: Date;
    lastUsedAt: Date | null;
  }[];
  recoveryCodes: number;
  required: boolean;
  /** False where people open Casemate by an IP address. */
  passkeys: boolean;
  /** Whether this site sends codes, and this person may take them. */
  phones: boolean;
};

export async function listOwnFactors(
  ctx: RequestContext,
  { rights }: IdentityParts,
): Promise<OwnFactors> {
  const accountId = ctx.actor.accountId ?? '';
  const { factors, recoveryCodes, enough } = await ctx.inControl(async (tx) => {
    const session = trustedAccount(rights, await findSessionState(tx, ctx.actor.sessionId ?? ''));
    const asked = session && { account: session, by: session, purpose: 'step-up' as const };
    const known = asked && (await findAnswering(tx, rights, asked));
    return {
      factors: session ? await listTrustedFactors(tx, session) : [],
      recoveryCodes: await countRecoveryCodes(tx, accountId, known?.tenantIds ?? []),
      enough:
        session !== undefined && rights.suffices(countingFacts(session.factors, reachOf(session))),
    };
  });
  return {
    factors: factors.map(({ id, kind, name, createdAt, lastUsedAt }) => ({
      ...{ id, kind, name, createdAt, lastUsedAt },
    })),
    recoveryCodes,
    required: ctx.actor.factor.required,
    passkeys: findRelyingParty(ctx.platform.config) !== null,
    phones:
      ctx.platform.config.CASEMATE_SMS_DRIVER !== undefined &&
      (enough || !ctx.actor.factor.required) &&
      !factors.some(({ kind }) => kind === 'phone'),
  };
}

/** Takes a factor away. Whose role demands one keeps the last; with it go the recovery codes. */
export async function removeOwnFactor(
  ctx: RequestContext,
  { rights, sessions }: IdentityParts,
  id: string,
): Promise<void> {
  const person = await requireFreshPerson(ctx, { rights });
  const { id: accountId, auditId, sessionId, onlyTenant } = person;
  const { required } = ctx.actor.factor;
  await ctx.inControl(async (tx) => {
    const change = async (account: AccountRow): Promise<string | null> => {
      const factors = await listTrustedFactors(tx, account);
      const found = factors.find((factor) => factor.id === id);
      if (!found) throw new AppError('not_found', 'You have no such factor');
      // The word of a tenant's directory takes nothing away that was made without it.
      if (onlyTenant !== null && found.onlyTenant !== onlyTenant)
        throw new AppError('forbidden', 'Sign in with your password to remove this factor');
      const left = factsWithout(account.factors, [id]);
      const counting = countingFacts(left, await findReach(tx, account, onlyTenant));
      if (required && !rights.suffices(counting))
        throw new AppError(
          'not_allowed_now',
          'Your role needs a second factor: set up another one before you remove this',
        );
      await removeFactors(tx, { accountId, ids: [id] });
      if (factors.length === 1) await replaceRecoveryCodes(tx, { accountId, onlyTenant: null }, []);
      await recordOnPlatform(tx, ctx, {
        action: 'factor.delete',
        resourceType: 'account',
        resourceId: auditId,
        before: { factor: id, kind: found.kind },
      });
      return left;
    };
    await changeFactors(tx, ctx, { rights, accountId, change });
  });
  sessions.forget(sessionId);
}

/** Ten new recovery codes; those of before are worth nothing from now on. */
export async function renewRecoveryCodes(
  ctx: RequestContext,
  { rights }: IdentityParts,
): Promise<string[]> {
  const person = await requireFreshPerson(ctx, { rights });
  const { id: accountId, auditId, onlyTenant } = person;
  return ctx.inControl(async (tx) => {
    if (!(await hasCounting(tx, person, onlyTenant)))
      throw new AppError('not_allowed_now', 'Recovery codes come with a second factor: set one up');
    const codes = await writeRecoveryCodes(tx, ctx, { accountId, onlyTenant });
    await recordOnPlatform(tx, ctx, {
      action: 'recovery_codes.create',
      resourceType: 'account',
      resourceId: auditId,
    });
    return codes;
  });
}
