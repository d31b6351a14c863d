import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import { checkFreshFactor, checkGuard } from '../access/index.ts';
import { recordOnPlatform } from '../audit/index.ts';
import { recordView, type Authenticated } from '../identity/index.ts';
import {
  AppError,
  inSpan,
  kindOf,
  parseInput,
  sendProblem,
  type Endpoint,
  type RequestContext,
} from '../platform/index.ts';
import { settleAnswer } from './before-answer.ts';
import { allowLongBody } from './bound-request.ts';
import type { Limits } from './limits/create-limits.ts';
import { identify, limitStrangers } from './limits/identify.ts';
import { openRequest } from './open-request.ts';
import type { Parts } from './parts.ts';

export type RouterOptions = {
  parts: Parts;
  routes: readonly Endpoint[];
  limits: Limits;
  authenticate: (request: Request) => Promise<Authenticated>;
  /** Of programs that show a secret of their own. */
  authenticateProgram: (request: Request) => Promise<Authenticated>;
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
      ...shed(options, route),
      ...limitStrangers(options.limits, route),
      identify({ ...options, authenticate: authenticatorOf(options, route) }, route),
      ...readBody,
      ...options.limits.afterBody(route),
      handle(options, route),
    );
  }
  return router;
}

/** Only a route for programs takes their secrets, and it takes nothing else. */
function authenticatorOf(
  options: RouterOptions,
  { guard }: Endpoint,
): RouterOptions['authenticate'] {
  return guard.kind === 'secret' ? options.authenticateProgram : options.authenticate;
}

/** A body of another type is refused, not ignored: what is read must be what was meant. */
const requireJson: RequestHandler = (request, _response, next) => {
  const sent = request.headers['content-length'] ?? request.headers['transfer-encoding'];
  const empty = sent === undefined || sent === '0';
  if (!empty && !request.is('application/json'))
    throw new AppError('unsupported_type', 'Send the body as application/json');
  next();
};

function handle(options: RouterOptions, route: Endpoint): RequestHandler {
  const streams = kindOf(route).share === 'stream';
  return async (request, response) => {
    const done = measure(options, route, response);
    const { ctx, late, end } = openRequest(options, route, { request, response });
    try {
      checkGuard(route.guard, ctx);
      if (route.guard.kind === 'tenant' && !route.guard.evenClosed) await ctx.mustBeOpen();
      checkFreshFactor(route, {
        actor: ctx.actor,
        now: ctx.clock.now().getTime(),
        minutes: ctx.platform.config.CASEMATE_STEP_UP_MINUTES,
      });
      const input = parseInput(route, request);
      const name = `${route.method.toUpperCase()} ${route.path}`;
      await recordView(ctx, { route: name, guard: route.guard, input });
      if (route.body === 'raw') allowLongBody(request);
      else if (route.output.kind !== 'written') response.setTimeout(SILENCE_MS);
      const answer = inSpan(name, { 'http.route': route.path }, () =>
        route.run(ctx, input as never, { request, response }),
      );
      // A stream tells its own end.
      const value = await (streams ? answer : Promise.race([answer, late]));
      await settleAnswer(response, 200);
      respond(route, response, value);
    } catch (error) {
      await recordRefusal(ctx, route, error);
      sendProblem(response, await settleRefusal(response, error), ctx);
    } finally {
      end();
      done();
    }
  };
}

/** What could not be counted is answered as the fault that it is, whatever the answer would have been. */
async function settleRefusal(response: Response, error: unknown): Promise<unknown> {
  try {
    await settleAnswer(response, error instanceof AppError ? error.status : 500);
    return error;
  } catch (uncounted) {
    return uncounted;
  }
}

/** Refuses early what could only be answered late; health and streams are not counted. */
function shed({ parts }: RouterOptions, route: Endpoint): RequestHandler[] {
  if (!kindOf(route).shed) return [];
  const { shedding } = parts.platform.resilience;
  return [
    (_request, response, next) => {
      response.once('close', shedding.enter());
      next();
    },
  ];
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
  // A tenant that is none of theirs answers as if there were none, whoever decides it.
  const foreign = ctx.tenantId !== null && ctx.standing === null && error.code === 'not_found';
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
