import type { Request } from 'express';
import { checkGuard } from '../access/index.ts';
import { personOf, type Authenticated, type Credential } from '../identity/index.ts';
import {
  AppError,
  createDeadline,
  kindOf,
  newId,
  type Endpoint,
  type Io,
  type RequestContext,
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
  /** Rejects when the deadline has passed, or the right to ask; what the parts say of it comes first. */
  readonly late: Promise<never>;
  end(): void;
};

const GRACE_MS = 500;

/** The context of one request, with the deadline that travels with it to every part it asks. */
export function openRequest(
  { parts, committed, draining }: Opening,
  route: Endpoint,
  { request, response }: Io,
): OpenRequest {
  const { share, bounded } = kindOf(route);
  const { who, requestId } = response.locals as { who: Authenticated; requestId?: string };
  const tenantId = tenantOf(request);
  const ms = parts.platform.config.CASEMATE_REQUEST_SECONDS * 1_000;
  const gone = new AbortController();
  response.on('close', () => gone.abort(new Error('the client went away')));
  let tell: (error: Error) => void = () => undefined;
  const late = new Promise<never>((_resolve, reject) => (tell = reject));
  late.catch(() => undefined);
  const end = (error: AppError): void => {
    gone.abort(error);
    tell(error);
  };
  const timer = setTimeout(() => end(tooLate()), ms + GRACE_MS);
  if (!bounded) clearTimeout(timer);
  const leave = bounded ? () => undefined : watchRight(parts, { who, route, tenantId, end });
  const ctx = createContext(parts, {
    share,
    deadline: bounded ? createDeadline(ms) : undefined,
    requestId: requestId ?? newId(),
    actor: who.actor,
    tenantId,
    standing: tenantId === null ? null : who.standingIn(tenantId),
    ip: addressOf(request),
    userAgent: request.headers['user-agent'] ?? null,
    signal: AbortSignal.any([gone.signal, draining]),
    committed,
  });
  return {
    ctx,
    late,
    end: () => {
      clearTimeout(timer);
      leave();
    },
  };
}

type Watching = {
  who: Authenticated;
  route: Endpoint;
  tenantId: string | null;
  end: (error: AppError) => void;
};

/** What lasts is let in again every two seconds, by the session and the role as they are then. */
function watchRight({ identity }: Parts, watching: Watching): () => void {
  const { who, route, tenantId, end } = watching;
  const { accountId } = who.actor;
  const credential = credentialOf(who);
  if (credential === null) return () => undefined;
  return identity.watch.watch(
    credential,
    (state) => {
      try {
        const { actor, standingIn } = personOf(state, accountId);
        checkGuard(route.guard, {
          actor,
          standing: tenantId === null ? null : standingIn(tenantId),
        });
      } catch (error) {
        end(error as AppError);
      }
    },
    end,
  );
}

function credentialOf({ actor: { sessionId, apiKey } }: Authenticated): Credential | null {
  if (apiKey !== null) return { kind: 'api_key', id: apiKey.id };
  return sessionId === null ? null : { kind: 'session', id: sessionId };
}

export function tenantOf(request: Request): string | null {
  const { tenantId } = request.params;
  return typeof tenantId === 'string' ? tenantId : null;
}

function tooLate(): AppError {
  const message = 'The server could not answer in time; look whether it was done, then try again';
  return new AppError('unavailable', message, { retryAfterSeconds: 5 });
}
