import cors from 'cors';
import type { Request, RequestHandler } from 'express';
import {
  AppError,
  isOwnOrigin,
  ownOrigins,
  type Config,
  type Endpoint,
} from '../platform/index.ts';

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);
/** What a browser says of a request of the dashboard itself, or of one that a person typed in. */
const OWN_SITE: ReadonlySet<string | undefined> = new Set([undefined, 'same-origin', 'none']);
const PREFLIGHT_SECONDS = 600;

/**
 * HDR-03, SES-04: a page of another origin is refused, unless its origin is on the list; then it
 * gets the headers of CORS, without credentials, so that it needs a token of its own. Requests that
 * change something are also refused when the browser says that they come from another site.
 * Programs that send neither header are no browsers and are not what this protects from. The few
 * routes that a page of another site has to post to say so in the table.
 */
export function guardOrigin(config: Config, routes: readonly Endpoint[]): RequestHandler[] {
  const listed = new Set(config.CASEMATE_CORS_ORIGINS);
  const fromOtherSites = new Set(
    routes
      .filter((route) => route.fromOtherSites)
      .map(({ method, path }) => `${method.toUpperCase()} ${path}`),
  );
  const refuse: RequestHandler = (request, response, next) => {
    // What is answered depends on it, so a cache must know, for requests without it too.
    response.vary('Origin');
    const open = fromOtherSites.has(`${request.method} ${request.path}`);
    if (open || isLetIn(request, listed, config)) next();
    else
      next(
        new AppError(
          'forbidden',
          `This request comes from another origin; open ${ownOrigins(config)[0]} or ask an administrator to list yours`,
        ),
      );
  };
  const answer = cors({
    origin: [...listed],
    methods: ['GET', 'HEAD', 'POST', 'PATCH', 'PUT', 'DELETE'],
    allowedHeaders: ['Authorization', 'Content-Type', 'Last-Event-ID'],
    exposedHeaders: ['X-Request-Id', 'Retry-After', 'RateLimit', 'RateLimit-Policy'],
    credentials: false,
    maxAge: PREFLIGHT_SECONDS,
  });
  const answerListed: RequestHandler = (request, response, next) => {
    if (listed.has(request.headers.origin ?? '')) answer(request, response, next);
    else next();
  };
  return [refuse, answerListed];
}

function isLetIn(request: Request, listed: ReadonlySet<string>, config: Config): boolean {
  const { origin } = request.headers;
  if (origin !== undefined && listed.has(origin)) return true;
  if (origin !== undefined && !isOwnOrigin(origin, config)) return false;
  return READS.has(request.method) || OWN_SITE.has(fetchSite(request));
}

function fetchSite({ headers }: Request): string | undefined {
  const site = headers['sec-fetch-site'];
  return Array.isArray(site) ? site.join() : site;
}
