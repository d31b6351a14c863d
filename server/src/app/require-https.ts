import type { RequestHandler } from 'express';
import { AppError, ownOrigins, type Config } from '../platform/index.ts';

/**
 * A declared proxy that says it was reached without TLS (X-Forwarded-Proto) leaked what was sent:
 * reads are led to HTTPS, the rest is refused. The name is the configured one.
 */
export function requireHttps(config: Config): RequestHandler {
  return (request, response, next) => {
    if (request.protocol === 'https') next();
    else if (request.method === 'GET' || request.method === 'HEAD')
      response.redirect(308, ownOrigins(config)[0] + safePath(request.originalUrl));
    else next(new AppError('forbidden', `Send this over HTTPS, to ${ownOrigins(config)[0]}`));
  };
}

/** A path of this host; never a way to another one (`//evil`, `/\evil`). */
export function safePath(url: string | undefined): string {
  return url !== undefined && /^\/(?![/\\])/.test(url) ? url : '/';
}
