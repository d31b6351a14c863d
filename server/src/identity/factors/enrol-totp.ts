import { AppError, newId, type RequestContext } from '../../platform/index.ts';
import type { IdentityParts } from '../parts.ts';
import { beginFactorTry, endFactorTry } from './count-tries.ts';
import { addFactor, requireFreshPerson, type Added } from './enrol.ts';
import { placeOfSecret } from './prove-factor.ts';
import { confirmTotp, insertTotp, listFactorRows, removeFactors, type FactorRow } from './repo.ts';
import { findStep, newTotpSecret, qrOf, totpUri } from './totp.ts';
import { factsWith } from './trusted-factors.ts';

const MOST_APPS = 5;
const PENDING_MINUTES = 15;

export type BegunTotp = {
  id: string;
  secret: string;
  uri: string;
  qr: { size: number; path: string };
};

/** A new key for an authenticator app; it counts once a code of it was shown. */
export async function beginTotp(
  ctx: RequestContext,
  parts: IdentityParts,
  name: string,
): Promise<BegunTotp> {
  const person = await requireFreshPerson(ctx, parts);
  const accountId = person.id;
  const fields = await ctx.openPlatformFields();
  const id = newId();
  const secret = newTotpSecret();
  const stored = fields.encrypt(placeOfSecret(accountId, id), secret);
  await ctx.inControl(async (tx) => {
    const apps = (await listFactorRows(tx, accountId)).filter(({ kind }) => kind === 'totp');
    const pending = apps.filter(({ confirmedAt }) => confirmedAt === null);
    if (apps.length - pending.length >= MOST_APPS)
      throw new AppError('not_allowed_now', `There are ${MOST_APPS} already; remove one first`);
    await removeFactors(tx, { accountId, ids: pending.map((one) => one.id) });
    await insertTotp(tx, { id, accountId, name, onlyTenant: person.onlyTenant, secret: stored });
  });
  const uri = totpUri(secret, person.email, ctx.platform.config.CASEMATE_HOST_NAME);
  return { id, secret, uri, qr: qrOf(uri) };
}

/** Makes it count, by a code that only who has the key can show. Throws invalid_input for another. */
export async function confirmNewTotp(
  ctx: RequestContext,
  parts: IdentityParts,
  { id, code }: { id: string; code: string },
): Promise<Added> {
  const person = await requireFreshPerson(ctx, parts);
  const accountId = person.id;
  const rows = await ctx.inControl((tx) => listFactorRows(tx, accountId));
  const pending = rows.find((row) => row.id === id && isPending(row, ctx.clock.now()));
  if (!pending?.secret)
    throw new AppError('not_found', 'This key was not asked for, or has run out: begin again');
  const tried = { kind: 'factor', accountId, auditId: person.auditId } as const;
  const fields = await ctx.openPlatformFields();
  const seed = fields.decrypt(placeOfSecret(accountId, id), pending.secret);
  await beginFactorTry(ctx, tried);
  const step = findStep(seed, code, ctx.clock.now());
  const outcome = step === undefined ? 'wrong' : 'right';
  await ctx.inControl((tx) => endFactorTry(tx, ctx, { ...tried, outcome }));
  if (step === undefined) {
    const message =
      'This code is wrong: wait for the next one, and look at the clock of your phone';
    throw new AppError('invalid_input', message, { fields: [{ path: 'body.code', message }] });
  }
  return addFactor(ctx, parts, {
    person,
    factor: pending,
    insert: async (tx, account) => {
      if (!(await confirmTotp(tx, { id, accountId, step })))
        throw new AppError('not_found', 'This key was confirmed already, or is gone');
      return factsWith(account.factors, pending);
    },
  });
}

function isPending({ kind, confirmedAt, createdAt }: FactorRow, now: Date): boolean {
  const age = now.getTime() - createdAt.getTime();
  return kind === 'totp' && confirmedAt === null && age < PENDING_MINUTES * 60_000;
}
