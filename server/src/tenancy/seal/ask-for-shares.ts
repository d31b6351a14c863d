import { createPublicKey } from 'node:crypto';
import { recordOnPlatform } from '../../audit/index.ts';
import { AppError, enqueueProvisioning, type RequestContext } from '../../platform/index.ts';
import { findCeremony, putCeremony, removeCeremony } from './ceremonies.ts';
import { markTaken, requireCustodian } from './custodians.ts';
import { isNew } from './make-shares.ts';
import { lockSeal } from './repo.ts';
import { requireSeal } from './require-seal.ts';

export type Wish = { tenantId: string; publicKey: Buffer; shares: number; threshold: number };

const LEAST_BITS = 3072;

/**
 * Asks the provisioner for the key shares of a tenant that was never opened, encrypted to the key of
 * its custodian's browser. Asking again throws away shares that nobody has taken, and no others.
 *
 * @throws AppError invalid_input for a key that is none, forbidden for everybody but the custodian,
 *   not_allowed_now once the shares were taken
 */
export async function askForShares(ctx: RequestContext, wish: Wish): Promise<void> {
  requireRsaKey(wish.publicKey);
  if (wish.threshold > wish.shares)
    throw new AppError('invalid_input', 'There are fewer shares than the tenant shall need');
  const { accountId } = ctx.actor;
  if (accountId === null) throw new AppError('forbidden', 'Only a person can hold key shares');
  await ctx.inControl(async (tx) => {
    const { tenantId } = wish;
    await lockSeal(tx, tenantId);
    const seal = await requireSeal(tx, tenantId);
    if (!isNew(seal))
      throw new AppError('not_allowed_now', 'The key shares of this tenant were made already');
    const { takenAt } = await requireCustodian(tx, { tenantId, accountId });
    if (takenAt !== null)
      throw new AppError(
        'not_allowed_now',
        'The key shares of this tenant were taken already, and are made once. If they are lost, delete the tenant, which is empty, and make it anew',
      );
    await putCeremony(tx, { ...wish, accountId });
    await enqueueProvisioning(tx, { kind: 'tenant.seal', tenantId: wish.tenantId });
    await recordOnPlatform(tx, ctx, {
      action: 'seal.ask',
      resourceType: 'tenant',
      resourceId: wish.tenantId,
      tenantId: wish.tenantId,
      after: { shares: wish.shares, threshold: wish.threshold },
    });
  });
}

/** Hands the encrypted shares to the custodian, once; undefined until they are made. */
export async function takeShares(
  ctx: RequestContext,
  tenantId: string,
): Promise<string[] | undefined> {
  return ctx.inControl(async (tx) => {
    await lockSeal(tx, tenantId);
    await requireSeal(tx, tenantId);
    await requireCustodian(tx, { tenantId, accountId: ctx.actor.accountId });
    const ceremony = await findCeremony(tx, tenantId);
    if (!ceremony)
      throw new AppError('not_found', 'No key shares wait for you; they are shown once');
    if (ceremony.sealedShares === null) return undefined;
    await removeCeremony(tx, tenantId);
    await markTaken(tx, tenantId);
    await recordOnPlatform(tx, ctx, {
      action: 'seal.take',
      resourceType: 'tenant',
      resourceId: tenantId,
      tenantId,
    });
    return ceremony.sealedShares;
  });
}

function requireRsaKey(spki: Buffer): void {
  const refusal = new AppError(
    'invalid_input',
    `The public key must be an RSA key of ${LEAST_BITS} bits or more`,
  );
  try {
    const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
    if (key.asymmetricKeyType !== 'rsa' || bits < LEAST_BITS || bits > 8192) throw refusal;
  } catch {
    throw refusal;
  }
}
