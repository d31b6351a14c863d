import { AppError, type ControlTx, type RequestContext } from '../../platform/index.ts';
import type { IdentityParts } from '../parts.ts';
import { checkPassword } from '../password-policy.ts';
import { checkContextWords } from './context-words.ts';
import { insertPasswordHash, KEPT, listPasswordHashes, prunePasswordHashes } from './repo.ts';

export type NewPassword = {
  password: string;
  email: string;
  name: string;
  /** Whose last passwords must not come back; null for an account that is being made. */
  accountId: string | null;
};

/**
 * The rules that hold wherever a password is set: at set-up, at an invitation, at a reset and at a
 * change. Throws invalid_input that says what to do. Takes up to five hashes of a quarter of a second.
 */
export async function checkNewPassword(
  ctx: RequestContext,
  parts: Pick<IdentityParts, 'hasher' | 'leaked'>,
  { password, email, name, accountId }: NewPassword,
): Promise<void> {
  checkPassword(password);
  checkContextWords(password, { email, name });
  if (await parts.leaked.has(password))
    throw refused('This password, or a word that it is made of, is on lists of leaked passwords');
  if (accountId === null) return;
  const hashes = await ctx.inControl((tx) => listPasswordHashes(tx, accountId));
  for (const hash of hashes)
    if (await parts.hasher.matches(password, hash))
      throw refused(`This is one of your last ${KEPT} passwords; choose another`);
}

/** Writes down that the account has this password now; the oldest is forgotten. */
export async function keepPassword(
  tx: ControlTx,
  password: { accountId: string; hash: string },
): Promise<void> {
  await insertPasswordHash(tx, password);
  await prunePasswordHashes(tx, password.accountId);
}

function refused(message: string): AppError {
  const fields = [{ path: 'password', message }];
  return new AppError('invalid_input', message, { fields });
}
