import { parseCookie, stringifySetCookie } from 'cookie';
import type { Request, Response } from 'express';
import { AppError, isOwnOrigin, ownOrigins, type Config } from '../platform/index.ts';
import { SESSION_DAYS } from './start-session.ts';

const NAME = '__Secure-casemate-refresh';
const PATH = '/api/session';

export function setRefreshCookie(response: Response, token: string): void {
  response.append('Set-Cookie', cookie(token, SESSION_DAYS * 86_400));
}

export function clearRefreshCookie(response: Response): void {
  response.append('Set-Cookie', cookie('', 0));
}

function cookie(value: string, maxAge: number): string {
  return stringifySetCookie({
    name: NAME,
    value,
    maxAge,
    path: PATH,
    httpOnly: true,
    secure: true,
    sameSite: 'strict',
  });
}

/**
 * The refresh token of the cookie. Since the cookie alone authenticates here, the request must come
 * from this appliance's own origin as it is configured (control SES-04); the Host header is the
 * client's word. Throws unauthenticated or forbidden.
 */
export function readRefreshCookie(request: Request, config: Config): string {
  if (!isOwnOrigin(request.headers.origin ?? '', config))
    throw new AppError(
      'forbidden',
      `Requests with the session cookie must come from the dashboard: open ${ownOrigins(config)[0]}`,
    );
  const token = parseCookie(request.headers.cookie ?? '')[NAME];
  if (!token) throw new AppError('unauthenticated', 'Sign in first');
  return token;
}
