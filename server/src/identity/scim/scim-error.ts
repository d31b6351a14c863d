import { AppError } from '../../platform/index.ts';

/** The words for what is wrong with a request (RFC 7644, 3.12). */
export type ScimType =
  | 'invalidFilter'
  | 'tooMany'
  | 'uniqueness'
  | 'mutability'
  | 'invalidSyntax'
  | 'invalidPath'
  | 'noTarget'
  | 'invalidValue';

export function scimError(scimType: ScimType, message: string): AppError {
  const code = scimType === 'uniqueness' ? 'already_exists' : 'invalid_input';
  return new AppError(code, message, { word: scimType });
}
