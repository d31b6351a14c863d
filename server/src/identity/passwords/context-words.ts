import { AppError } from '../../platform/index.ts';

/** Words that whoever guesses tries first here (docs/accounts.md lists them). */
const PRODUCT = ['casemate'];
/** A shorter name is part of many words. */
const FEWEST = 6;

/** Throws invalid_input for a password that is made around the product, the address or the name. */
export function checkContextWords(
  password: string,
  { email, name }: { email: string; name: string },
): void {
  const small = password.toLowerCase();
  const [local = ''] = email.toLowerCase().split('@');
  const own = [local, ...name.toLowerCase().split(/\s+/u)].filter((word) => word.length >= FEWEST);
  if (![...PRODUCT, ...own].some((word) => small.includes(word))) return;
  const message = 'The password must not hold your name, your address or the name of this product';
  throw new AppError('invalid_input', message, { fields: [{ path: 'password', message }] });
}
