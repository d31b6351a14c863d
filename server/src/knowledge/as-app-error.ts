import { AppError, type ErrorCode } from '../platform/index.ts';
import { ParseError, type ParseErrorCode } from './parse/index.ts';

const CODES: Readonly<Record<ParseErrorCode, ErrorCode>> = {
  encrypted: 'unusable_document',
  broken: 'unusable_document',
  empty: 'unusable_document',
  no_text: 'unusable_document',
  too_large: 'too_large',
  zip_bomb: 'unusable_document',
  wrong_type: 'unsupported_type',
  timeout: 'unusable_document',
  out_of_memory: 'unusable_document',
  unsupported: 'unsupported_type',
};

/** What is wrong with a document as an answer to the person who uploads it; all else unchanged. */
export function asAppError(error: unknown): unknown {
  if (!(error instanceof ParseError)) return error;
  return new AppError(CODES[error.code], error.detail, { cause: error });
}
