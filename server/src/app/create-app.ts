import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { createAuthenticator } from '../identity/index.ts';
import { AppError, newId, securityHeaders, sendProblem, type Endpoint } from '../platform/index.ts';
import { boundRequest } from './bound-request.ts';
import { createRouter } from './create-router.ts';
import { dashboard } from './dashboard.ts';
import { createLimits } from './limits.ts';
import type { Parts } from './parts.ts';

type Options = {
  parts: Parts;
  routes: readonly Endpoint[];
  committed: (tenantId: string) => void;
  draining: AbortSignal;
};

/** In which a body that is no upload must have arrived. */
const BODY_MS = 30_000;

/** The Express application: headers, route table, dashboard, and one place where errors end. */
export function createApp({ parts, routes, committed, draining }: Options): Express {
  const { config, log } = parts.platform;
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  // Proxies are declared in a later release; until then the socket's address is the address.
  app.set('trust proxy', false);
  app.set('query parser', 'simple');
  app.use(giveRequestId, boundRequest(BODY_MS), ...securityHeaders());
  app.use(
    createRouter({
      parts,
      routes,
      committed,
      draining,
      limits: createLimits(config),
      authenticate: createAuthenticator(parts.identity),
    }),
  );
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

const giveRequestId: RequestHandler = (_request, response, next) => {
  const requestId = newId();
  response.locals['requestId'] = requestId;
  response.setHeader('X-Request-Id', requestId);
  next();
};
