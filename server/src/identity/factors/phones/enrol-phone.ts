import { AppError, newId, type RequestContext } from '../../../platform/index.ts';
import type { IdentityParts } from '../../parts.ts';
import { countingFacts, reachOf } from '../counting-factors.ts';
import { beginFactorTry, endFactorTry } from '../count-tries.ts';
import { addFactor, requireFreshPerson, type Added } from '../enrol.ts';
import { placeOfSecret } from '../prove-factor.ts';
import { listFactorRows, removeFactors } from '../repo.ts';
import { factsWith } from '../trusted-factors.ts';
import { readPhoneNumber } from './phone-number.ts';
import { confirmPhone, countWrongCode, findLiveCode, insertPhone, takeCode } from './repo.ts';
import { isRightCode, sendCode } from './send-code.ts';

/** MFA-04. */
const MOST_WRONG = 3;

/** Sends a code to a new number; it counts once that was shown. One to a person. */
export async function beginPhone(
  ctx: RequestContext,
  parts: IdentityParts,
  { name, number }: { name: string; number: string },
): Promise<{ id: string; expiresAt: Date }> {
  const person = await requireFreshPerson(ctx, parts);
  const accountId = person.id;
  const { config } = ctx.platform;
  if (config.CASEMATE_SMS_DRIVER === undefined)
    throw new AppError('not_allowed_now', 'No codes are sent to phones here');
  // Numbers are moved to other cards by a telephone call: it is no factor for who decides for others.
  if (
    ctx.actor.factor.required &&
    !parts.rights.suffices(countingFacts(person.factors, reachOf(person)))
  )
    throw new AppError(
      'not_allowed_now',
      'Set up an authenticator app or a passkey first: your role needs more than a phone',
    );
  const e164 = readPhoneNumber(number, config);
  const id = newId();
  const fields = await ctx.openPlatformFields();
  const secret = fields.encrypt(placeOfSecret(accountId, id), e164);
  const { expiresAt } = await sendCode(ctx, {
    account: person,
    phone: { id, secret },
    challenge: null,
    before: async (tx) => {
      const phones = (await listFactorRows(tx, accountId)).filter(({ kind }) => kind === 'phone');
      if (phones.some(({ confirmedAt }) => confirmedAt !== null))
        throw new AppError('not_allowed_now', 'You have a phone already; remove it first');
      await removeFactors(tx, { accountId, ids: phones.map((phone) => phone.id) });
      await insertPhone(tx, { id, accountId, name, onlyTenant: person.onlyTenant, number: secret });
    },
  });
  return { id, expiresAt };
}

/** Throws invalid_input for a wrong code, gone after the third. */
export async function confirmNewPhone(
  ctx: RequestContext,
  parts: IdentityParts,
  { id, code: given }: { id: string; code: string },
): Promise<Added> {
  const person = await requireFreshPerson(ctx, parts);
  const accountId = person.id;
  const { pending, code } = await ctx.inControl(async (tx) => ({
    pending: (await listFactorRows(tx, accountId)).find(
      (row) => row.id === id && row.kind === 'phone' && row.confirmedAt === null,
    ),
    code: await findLiveCode(tx, { accountId, factorId: id }),
  }));
  if (!pending || !code)
    throw new AppError('gone', 'This code has run out, or was wrong too often: begin again');
  const tried = { kind: 'factor', accountId, auditId: person.auditId } as const;
  await beginFactorTry(ctx, tried);
  const right = isRightCode(ctx.platform.pepper, code, given);
  const over = await ctx.inControl(async (tx) => {
    await endFactorTry(tx, ctx, { ...tried, outcome: right ? 'right' : 'wrong' });
    return right ? false : countWrongCode(tx, code.id, MOST_WRONG);
  });
  if (over) throw new AppError('gone', 'The code was wrong too often: begin again');
  if (!right) {
    const message = 'This code is wrong';
    throw new AppError('invalid_input', message, { fields: [{ path: 'body.code', message }] });
  }
  return addFactor(ctx, parts, {
    person,
    factor: pending,
    insert: async (tx, account) => {
      const taken = await takeCode(tx, { id: code.id, factorId: id });
      if (!taken || !(await confirmPhone(tx, { id, accountId })))
        throw new AppError('gone', 'This code was used already, or the number is gone');
      return factsWith(account.factors, pending);
    },
  });
}
