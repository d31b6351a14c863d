import { z } from 'zod';
import { AppError } from '../platform/index.ts';

/** bcrypt reads 72 bytes; a longer password would be cut without a word, so it is refused. */
const MAX_BYTES = 72;
const MIN_CHARACTERS = 12;

/**
 * A password as a request carries it, at sign-in as at set-up: in NFC, since keyboards compose
 * letters differently (NIST SP 800-63B, 3.1.1.2), and no longer than what is hashed.
 */
export const passwordSchema = z
  .string()
  .min(1)
  .max(1_000)
  .normalize('NFC')
  .refine((password) => Buffer.byteLength(password) <= MAX_BYTES, {
    error: `is longer than ${MAX_BYTES} bytes; shorten it`,
  });

/** For a new password that passwordSchema took. Throws invalid_input that says what is missing. */
export function checkPassword(password: string): void {
  if ([...password].length < MIN_CHARACTERS)
    throw new AppError('invalid_input', `The password needs at least ${MIN_CHARACTERS} characters`);
  const kinds = [/\p{Ll}/u, /\p{Lu}/u, /\p{N}/u, /[^\p{L}\p{N}]/u];
  if (kinds.filter((kind) => kind.test(password)).length < 3)
    throw new AppError(
      'invalid_input',
      'The password needs three of these: small letters, capital letters, digits, other signs',
    );
}
