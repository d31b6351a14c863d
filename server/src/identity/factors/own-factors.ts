import { recordOnPlatform } from '../../audit/index.ts';
import { AppError, type RequestContext } from '../../platform/index.ts';
import type { IdentityParts } from '../parts.ts';
import { findAccount, type AccountRow } from '../repo.ts';
import { trustedAccount } from '../rights/trusted.ts';
import { changeFactors } from './change-factors.ts';
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
    const account = trustedAccount(rights, await findAccount(tx, { accountId }));
    return {
      factors: account ? await listTrustedFactors(tx, account) : [],
      recoveryCodes: await countRecoveryCodes(tx, accountId),
      enough: rights.suffices(account?.factors ?? null),
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
  const { id: accountId, auditId, sessionId } = person;
  const { required } = ctx.actor.factor;
  await ctx.inControl(async (tx) => {
    const change = async (account: AccountRow): Promise<string | null> => {
      const factors = await listTrustedFactors(tx, account);
      const found = factors.find((factor) => factor.id === id);
      if (!found) throw new AppError('not_found', 'You have no such factor');
      const left = factsWithout(account.factors, [id]);
      if (required && !rights.suffices(left))
        throw new AppError(
          'not_allowed_now',
          'Your role needs a second factor: set up another one before you remove this',
        );
      await removeFactors(tx, { accountId, ids: [id] });
      if (factors.length === 1) await replaceRecoveryCodes(tx, accountId, []);
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
  const { id: accountId, auditId, factors } = await requireFreshPerson(ctx, { rights });
  if (factors === null)
    throw new AppError('not_allowed_now', 'Recovery codes come with a second factor: set one up');
  return ctx.inControl(async (tx) => {
    const codes = await writeRecoveryCodes(tx, ctx, accountId);
    await recordOnPlatform(tx, ctx, {
      action: 'recovery_codes.create',
      resourceType: 'account',
      resourceId: auditId,
    });
    return codes;
  });
}
