import type { Request } from 'express';
import type { Authenticated } from '../identity/index.ts';
import {
  AppError,
  createDeadline,
  newId,
  type Io,
  type RequestContext,
  type RouteKind,
} from '../platform/index.ts';
import { addressOf } from './address-of.ts';
import { createContext } from './context.ts';
import type { Parts } from './parts.ts';

type Opening = {
  parts: Parts;
  committed: (tenantId: string) => void;
  draining: AbortSignal;
};

export type OpenRequest = {
  readonly ctx: RequestContext;
  /** Rejects when the deadline has passed; what the parts say of it themselves comes first. */
  readonly late: Promise<never>;
  end(): void;
};

const GRACE_MS = 500;

/** The context of one request, with the deadline that travels with it to every part it asks. */
export function openRequest(
  { parts, committed, draining }: Opening,
  { share, bounded }: RouteKind,
  { request, response }: Io,
): OpenRequest {
  const { who, requestId } = response.locals as { who: Authenticated; requestId?: string };
  const tenantId = tenantOf(request);
  const ms = parts.platform.config.CASEMATE_REQUEST_SECONDS * 1_000;
  const gone = new AbortController();
  response.on('close', () => gone.abort(new Error('the client went away')));
  let tell: (error: Error) => void = () => undefined;
  const late = new Promise<never>((_resolve, reject) => (tell = reject));
  late.catch(() => undefined);
  const timer = setTimeout(() => {
    const error = tooLate();
    gone.abort(error);
    tell(error);
  }, ms + GRACE_MS);
  if (!bounded) clearTimeout(timer);
  const ctx = createContext(parts, {
    share,
    deadline: bounded ? createDeadline(ms) : undefined,
    requestId: requestId ?? newId(),
    actor: who.actor,
    tenantId,
    tenantRole: tenantId === null ? null : who.roleIn(tenantId),
    ip: addressOf(request),
    userAgent: request.headers['user-agent'] ?? null,
    signal: AbortSignal.any([gone.signal, draining]),
    committed,
  });
  return { ctx, late, end: () => clearTimeout(timer) };
}

export function tenantOf(request: Request): string | null {
  const { tenantId } = request.params;
  return typeof tenantId === 'string' ? tenantId : null;
}

function tooLate(): AppError {
  const message = 'The server could not answer in time; look whether it was done, then try again';
  return new AppError('unavailable', message, { retryAfterSeconds: 5 });
}
