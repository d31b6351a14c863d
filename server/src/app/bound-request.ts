import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';

const deadlines = new WeakMap<IncomingMessage, NodeJS.Timeout>();

/**
 * Ends the connection of a request whose body has not arrived within `ms`, before its answer or
 * after it: a stranger who sends a byte now and then must not hold a connection.
 */
export function boundRequest(ms: number): RequestHandler {
  return (request, response, next) => {
    const { 'content-length': length, 'transfer-encoding': coding } = request.headers;
    if ((length !== undefined && length !== '0') || coding !== undefined) {
      arm(request, ms);
      response.once('close', () => {
        allowLongBody(request);
        if (!request.complete) arm(request, ms);
      });
    }
    next();
  };
}

/** For a handler that reads a long body itself, once it knows that the sender may send one. */
export function allowLongBody(request: IncomingMessage): void {
  clearTimeout(deadlines.get(request));
}

function arm(request: IncomingMessage, ms: number): void {
  const end = (): void => {
    if (!request.complete) request.destroy();
  };
  deadlines.set(request, setTimeout(end, ms).unref());
}
