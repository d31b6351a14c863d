import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { createAuthenticator } from '../identity/index.ts';
import { addressOf } from './address-of.ts';
import {
  answerInScim,
  AppError,
  newId,
  securityHeaders,
  sendProblem,
  type Endpoint,
} from '../platform/index.ts';
import { boundRequest } from './bound-request.ts';
import { createRouter } from './create-router.ts';
import { dashboard } from './dashboard.ts';
import { guardOrigin } from './guard-origin.ts';
import { leaveGently } from './leave-gently.ts';
import { createLimits } from './limits/create-limits.ts';
import { createProgramAuthenticator } from './metrics-token.ts';
import type { Parts } from './parts.ts';
import { requireHttps } from './require-https.ts';
import { trustProxies } from './trusted-proxies.ts';

type Options = {
  parts: Parts;
  routes: readonly Endpoint[];
  committed: (tenantId: string) => void;
  draining: AbortSignal;
  /** The process is about to stop, and serves on for a while. */
  leaving?: AbortSignal;
};

/** In which a body that is no upload must have arrived. */
const BODY_MS = 30_000;

/** The Express application: headers, route table, dashboard, and one place where errors end. */
export function createApp(options: Options): Express {
  const { parts, routes, committed, draining, leaving } = options;
  const { config, log } = parts.platform;
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('trust proxy', trustProxies(config));
  app.set('query parser', 'simple');
  app.use(giveRequestId, boundRequest(BODY_MS), ...securityHeaders());
  if (leaving) app.use(leaveGently(leaving));
  app.use('/scim', (_request, response, next) => {
    answerInScim(response);
    next();
  });
  app.use(requireHost, requireHttps(config), ...guardOrigin(config, routes));
  app.use(
    createRouter({
      parts,
      routes,
      committed,
      draining,
      limits: createLimits(parts),
      authenticate: createAuthenticator(parts.identity, addressOf),
      authenticateProgram: createProgramAuthenticator(config),
    }),
  );
  app.use('/scim', (_request, _response, next) => next(new AppError('not_found', 'No such place')));
  app.use(dashboard(config.CASEMATE_WEB_DIR));
  app.use((_request, _response, next) => next(new AppError('not_found', 'No such page')));
  // Express knows an error handler by its four parameters.
  // eslint-disable-next-line max-params -- the framework's signature
  const onError: ErrorRequestHandler = (error: unknown, _request, response, _next) => {
    const { requestId } = response.locals as { requestId: string };
    sendProblem(response, error, { requestId, log: log.child({ requestId }) });
  };
  app.use(onError);
  return app;
}

/** RFC 9112, 3.2: asked here and not by Node, whose own answer would lack the headers. */
const requireHost: RequestHandler = (request, _response, next) => {
  if (request.headers.host === undefined && request.httpVersion === '1.1')
    throw new AppError('invalid_input', 'The request names no host');
  next();
};

const giveRequestId: RequestHandler = (_request, response, next) => {
  const requestId = newId();
  response.locals['requestId'] = requestId;
  response.setHeader('X-Request-Id', requestId);
  next();
};
