import type { RequestHandler } from 'express';
import { AppError } from '../platform/index.ts';

/**
 * Once the process is told to stop, and until its listeners close: it says that it is not ready, so
 * that balancers send nothing new, answers what comes all the same, and asks each client to connect
 * anew for its next request.
 */
export function leaveGently(leaving: AbortSignal): RequestHandler {
  return (request, response, next) => {
    if (leaving.aborted) response.setHeader('Connection', 'close');
    if (leaving.aborted && request.path === '/health/ready')
      next(new AppError('unavailable', 'This process is stopping; ask another'));
    else next();
  };
}
