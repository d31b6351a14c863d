import { STATUS_CODES } from 'node:http';
import type { Response } from 'express';
import { AppError } from '../app-error.ts';
import type { Log } from '../log.ts';

/**
 * Turns any error into application/problem+json (RFC 9457). What is no AppError becomes `internal`:
 * the cause goes to the log under the request id, and nothing of it to the client.
 */
export function sendProblem(
  response: Response,
  error: unknown,
  { requestId, log }: { requestId: string; log: Log },
): void {
  const known = asAppError(error);
  // A part that is away heals itself or is named by its breaker; one line for each request is enough.
  if (known.status >= 500 && known.status !== 503)
    log.error('request failed', { error, code: known.code });
  else
    log[known.status >= 500 ? 'warn' : 'info']('request refused', {
      code: known.code,
      reason: known.message,
      // The code alone: a database's message quotes the text that it refused.
      fault: (known.cause as { code?: unknown } | undefined)?.code,
    });
  if (response.headersSent) {
    response.destroy();
    return;
  }
  if (known.retryAfterSeconds !== null)
    response.setHeader('Retry-After', String(known.retryAfterSeconds));
  if (known.code === 'unauthenticated') response.setHeader('WWW-Authenticate', 'Bearer');
  response.setHeader('Cache-Control', 'no-store');
  const { type, body } = inScim(response) ? scimError(known) : problem(known, requestId);
  response.status(known.status).type(type).send(JSON.stringify(body));
}

type Said = { type: string; body: Record<string, unknown> };

function problem(known: AppError, requestId: string): Said {
  return {
    type: 'application/problem+json',
    body: {
      type: 'about:blank',
      title: STATUS_CODES[known.status] ?? 'Error',
      status: known.status,
      code: known.code,
      detail: known.message,
      requestId,
      ...(known.fields.length > 0 ? { errors: known.fields } : {}),
    },
  };
}

/** From here on errors are answered as RFC 7644, 3.12, has them. */
export function answerInScim(response: Response): void {
  response.locals['problems'] = 'scim';
}

function inScim({ locals }: Response): boolean {
  return (locals as { problems?: string } | undefined)?.problems === 'scim';
}

function scimError(known: AppError): Said {
  return {
    type: 'application/scim+json',
    body: {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: String(known.status),
      ...(known.word === null ? {} : { scimType: known.word }),
      detail: known.message,
    },
  };
}

function asAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const { type, status, code } = error as { type?: string; status?: number; code?: string };
  if (type === 'entity.too.large')
    return new AppError('too_large', 'The request body is too large');
  if (type === 'entity.parse.failed')
    return new AppError('invalid_input', 'The request body is not valid JSON');
  if (type === 'encoding.unsupported' || type === 'charset.unsupported')
    return new AppError('unsupported_type', 'Send the body as UTF-8 JSON without compression');
  if ((status !== undefined && status >= 400 && status < 500) || error instanceof URIError)
    return new AppError('invalid_input', 'The request could not be read');
  if (code !== undefined && UNREADABLE.has(code))
    return new AppError('invalid_input', 'The request holds text that cannot be stored', {
      cause: error,
    });
  if ((code !== undefined && isDatabaseAway(code)) || isPoolExhausted(error))
    return new AppError('unavailable', 'The database does not answer; try again in a moment', {
      cause: error,
      retryAfterSeconds: 5,
    });
  if (code === 'ENOSPC' || code === '53100')
    return new AppError(
      'storage_full',
      'The disk of the appliance is full; tell its administrator',
      {
        cause: error,
      },
    );
  return new AppError('internal', 'Something went wrong on the server; quote the request id', {
    cause: error,
  });
}

/** SQLSTATE: not in the repertoire, no text of its type, untranslatable character. */
const UNREADABLE = new Set(['22021', '22P02', '22P05']);

/** The pool of `pg` says so by its message alone. */
function isPoolExhausted(error: unknown): boolean {
  return error instanceof Error && error.message === 'timeout exceeded when trying to connect';
}

const AWAY = new Set(['ECONNREFUSED', 'ENOENT', 'ECONNRESET', 'EPIPE', '57P01', '57P02', '57P03']);

/** SQLSTATE class 08 and 57P0x, and the socket's own errors. */
function isDatabaseAway(code: string): boolean {
  return AWAY.has(code) || code.startsWith('08') || code === '53300';
}
