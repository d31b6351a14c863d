import { AppError } from '../app-error.ts';
import type { Verdict } from './breaker.ts';

/** Of the operating system, for a server that is not there or a line that broke. */
const LINE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
/** What the driver says without a code. */
const LINE_TEXT =
  /^(?:Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Query read timeout)/;

/** Connection lost; out of connections, memory or disk; being shut down or recovering; broken disk. */
const FAILED = /^(?:08...|53...|57P0[1235]|58...|XX00[12])$/;
const BROKEN_PAGE = /^XX00[12]$/;
const WRONG_PASSWORD = '28P01';
const CANCELLED = '57014';
/** Serialization failure, deadlock, lock not available: the same transaction may succeed next time. */
const CONTENDED = new Set(['40001', '40P01', '55P03']);

/**
 * A constraint, a syntax error or a refusal is an answer; a caller's own mistake says nothing. Nor does
 * a statement that the database ended at its timeout: it lives, and somebody's slow list takes it from
 * nobody else. The same holds for broken pages of only `ofTenant`'s rows.
 */
export function judgeDatabase(error: unknown, { ofTenant }: { ofTenant: boolean }): Verdict {
  const code = codeOf(error);
  if (code === CANCELLED || (ofTenant && BROKEN_PAGE.test(code))) return 'nothing';
  if (isLineFailure(error) || FAILED.test(code) || code === WRONG_PASSWORD) return 'failure';
  if (isSqlState(code)) return 'answer';
  // The key service's refusal of a password comes from here too, and is not the database's.
  if (error instanceof AppError) return error.code === 'unavailable' ? 'nothing' : 'answer';
  return 'nothing';
}

/** The database's equivalents of 408, 429, 500, 502, 503 and 504. */
export function isTransient(error: unknown): boolean {
  const code = codeOf(error);
  return isLineFailure(error) || CONTENDED.has(code) || /^(?:08...|53...|57P0.)$/.test(code);
}

/** The server itself says that the transaction did not happen, even at its COMMIT. */
export function wasRolledBack(error: unknown): boolean {
  const code = codeOf(error);
  return CONTENDED.has(code) || /^53...$/.test(code);
}

/** What a client is told; an answer of the database stays what it is. */
export function asUnavailable(error: unknown, commitUnknown: boolean): unknown {
  const code = codeOf(error);
  if (code === CANCELLED)
    return new AppError('unavailable', 'The database took too long; try again in a moment', {
      cause: error,
      retryAfterSeconds: 5,
    });
  if (CONTENDED.has(code))
    return new AppError('unavailable', 'Somebody is changing the same; try again in a moment', {
      cause: error,
      retryAfterSeconds: 2,
    });
  if (!isTransient(error) && !FAILED.test(code) && code !== WRONG_PASSWORD) return error;
  const message = commitUnknown
    ? 'The database was lost while it saved; look whether it did before you try again'
    : 'The database does not answer; try again in a moment';
  return new AppError('unavailable', message, { cause: error, retryAfterSeconds: 5 });
}

function isLineFailure(error: unknown): boolean {
  const { errors, message } = (error ?? {}) as { errors?: unknown; message?: unknown };
  // Node tries several addresses and gathers their errors.
  if (Array.isArray(errors)) return errors.some(isLineFailure);
  return LINE.has(codeOf(error)) || (typeof message === 'string' && LINE_TEXT.test(message));
}

function codeOf(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : '';
}

function isSqlState(code: string): boolean {
  return /^[0-9A-Z]{5}$/.test(code) && /\d/.test(code);
}
