import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import { checkGuard } from '../access/index.ts';
import { recordOnPlatform } from '../audit/index.ts';
import type { Authenticated } from '../identity/index.ts';
import {
  AppError,
  newId,
  parseInput,
  sendProblem,
  type Endpoint,
  type RequestContext,
} from '../platform/index.ts';
import { addressOf } from './address-of.ts';
import { allowLongBody } from './bound-request.ts';
import { createContext } from './context.ts';
import type { Limits, Spender } from './limits/create-limits.ts';
import type { Parts } from './parts.ts';

export type RouterOptions = {
  parts: Parts;
  routes: readonly Endpoint[];
  limits: Limits;
  authenticate: (request: Request) => Promise<Authenticated>;
  committed: (tenantId: string) => void;
  draining: AbortSignal;
};

const JSON_LIMIT = '256kb';
/** A client that takes nothing of a document for this long is gone; streams write when they can. */
const SILENCE_MS = 120_000;

/**
 * Turns the route table into an Express router: limit by address → identify → limit by account →
 * read → guard → validate → run. What a stranger sends is counted before it costs anything.
 */
export function createRouter(options: RouterOptions): Router {
  const router = express.Router({ caseSensitive: true, strict: true });
  const readJson = express.json({ limit: JSON_LIMIT, inflate: false, strict: true });
  for (const route of options.routes) {
    const readBody: RequestHandler[] = route.body === 'raw' ? [] : [requireJson, readJson];
    router[route.method](
      route.path,
      ...limitStrangers(options.limits, route),
      identify(options, route),
      ...readBody,
      ...options.limits.afterBody(route),
      handle(options, route),
    );
  }
  return router;
}

/** A body of another type is refused, not ignored: what is read must be what was meant. */
const requireJson: RequestHandler = (request, _response, next) => {
  const sent = request.headers['content-length'] ?? request.headers['transfer-encoding'];
  const empty = sent === undefined || sent === '0';
  if (!empty && !request.is('application/json'))
    throw new AppError('unsupported_type', 'Send the body as application/json');
  next();
};

/** These budgets are of a token's owner where there is a token; all others are of the address. */
const PERSONAL: ReadonlySet<string> = new Set([
  'account',
  'anonymous',
  'password-change',
  'second-factor',
]);

function limitStrangers(limits: Limits, route: Endpoint): RequestHandler[] {
  const handlers = limits.stranger(route);
  if (!PERSONAL.has(route.limit)) return [...handlers];
  return handlers.map((limit) => (request, response, next) => {
    if (request.headers.authorization === undefined) limit(request, response, next);
    else next();
  });
}

/** A token that is none is counted as a stranger's request; a good one has its account's budgets. */
function identify({ authenticate, limits }: RouterOptions, route: Endpoint): RequestHandler {
  const personal = PERSONAL.has(route.limit);
  const limitPerson = limits.signedIn(route);
  return async (request, response, next) => {
    let who: Authenticated;
    try {
      who = await authenticate(request);
    } catch (error) {
      const counts = personal && error instanceof AppError && error.status === 401;
      if (!counts) throw error;
      limits.badToken(request, response, (refused?: unknown) => next(refused ?? error));
      return;
    }
    response.locals['who'] = who;
    const { kind, accountId } = who.actor;
    if (!personal || kind !== 'human' || accountId === null) {
      next();
      return;
    }
    const tenantId = tenantOf(request);
    // Who is no member can't spend a tenant's budget.
    const member = tenantId !== null && who.roleIn(tenantId) !== null;
    const spender: Spender = { accountId, tenantId: member ? tenantId : null };
    response.locals['spender'] = spender;
    limitPerson(request, response, next);
  };
}

function handle(options: RouterOptions, route: Endpoint): RequestHandler {
  return async (request, response) => {
    const done = measure(options, route, response);
    const ctx = contextOf(options, request, response);
    try {
      checkGuard(route.guard, ctx);
      if (route.body === 'raw') allowLongBody(request);
      else if (route.output.kind !== 'written') response.setTimeout(SILENCE_MS);
      const input = parseInput(route, request);
      const answer = await route.run(ctx, input as never, { request, response });
      respond(route, response, answer);
    } catch (error) {
      await recordRefusal(ctx, route, error);
      sendProblem(response, error, ctx);
    } finally {
      done();
    }
  };
}

function contextOf(options: RouterOptions, request: Request, response: Response): RequestContext {
  const { who, requestId } = response.locals as { who: Authenticated; requestId?: string };
  const tenantId = tenantOf(request);
  const gone = new AbortController();
  response.on('close', () => gone.abort(new Error('the client went away')));
  return createContext(options.parts, {
    requestId: requestId ?? newId(),
    actor: who.actor,
    tenantId,
    tenantRole: tenantId === null ? null : who.roleIn(tenantId),
    ip: addressOf(request),
    userAgent: request.headers['user-agent'] ?? null,
    signal: AbortSignal.any([gone.signal, options.draining]),
    committed: options.committed,
  });
}

function tenantOf(request: Request): string | null {
  const { tenantId } = request.params;
  return typeof tenantId === 'string' ? tenantId : null;
}

function respond(route: Endpoint, response: Response, answer: unknown): void {
  if (route.output.kind === 'written') return;
  response.setHeader('Cache-Control', 'no-store');
  if (route.output.kind === 'empty') response.status(204).end();
  // The schema lets only its own fields out.
  else response.status(route.output.status).json(route.output.schema.parse(answer));
}

/** A signed-in person at a door that is not theirs is written down; strangers are only counted. */
async function recordRefusal(ctx: RequestContext, route: Endpoint, error: unknown): Promise<void> {
  if (!(error instanceof AppError) || ctx.actor.kind !== 'human') return;
  const foreign = route.guard.kind === 'tenant' && ctx.tenantRole === null;
  if (error.code !== 'forbidden' && !foreign) return;
  await ctx
    .inControl((tx) =>
      recordOnPlatform(tx, ctx, {
        action: 'access.refuse',
        outcome: 'refused',
        resourceType: 'route',
        resourceId: `${route.method} ${route.path}`,
      }),
    )
    .catch((cause: unknown) => ctx.log.warn('refusal could not be recorded', { error: cause }));
}

function measure({ parts }: RouterOptions, route: Endpoint, response: Response): () => void {
  const stop = parts.platform.metrics.requests.startTimer();
  return () =>
    void stop({ method: route.method, route: route.path, status: String(response.statusCode) });
}
