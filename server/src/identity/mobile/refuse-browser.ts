import type { Request } from 'express';
import { AppError } from '../../platform/index.ts';

/** What browsers send, and a page in them can not take away (Fetch, forbidden request-headers). */
const OF_BROWSERS = [
  'origin',
  'cookie',
  'sec-fetch-site',
  'sec-fetch-mode',
  'sec-fetch-dest',
] as const;

/**
 * The tokens of mobile clients are none for a page: there is no place in a browser where a refresh token is
 * safe from a script. Throws forbidden.
 */
export function refuseBrowser({ headers }: Pick<Request, 'headers'>): void {
  if (OF_BROWSERS.some((name) => headers[name] !== undefined))
    throw new AppError(
      'forbidden',
      'This is for mobile clients; a browser signs in with the dashboard and its cookie',
    );
}
