import { parseCookie, stringifySetCookie } from 'cookie';
import type { Request, Response } from 'express';
import { AppError, type Config } from '../platform/index.ts';
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
      `Requests with the session cookie must come from the dashboard: open ${originsOf(config)[0]}`,
    );
  const token = parseCookie(request.headers.cookie ?? '')[NAME];
  if (!token) throw new AppError('unauthenticated', 'Sign in first');
  return token;
}

function isOwnOrigin(origin: string, config: Config): boolean {
  // Tests listen on a port that the system chose.
  if (config.CASEMATE_MODE === 'test' && /^https:\/\/localhost:\d{1,5}$/.test(origin)) return true;
  return originsOf(config).includes(origin);
}

/** The origin of links first, then the listener's own where the two differ. */
function originsOf(config: Config): [string, ...string[]] {
  const originOf = (port: number): string =>
    new URL(`https://${config.CASEMATE_HOST_NAME}:${port}`).origin;
  const own = originOf(config.CASEMATE_HTTPS_PORT);
  return [originOf(config.CASEMATE_PUBLIC_PORT ?? config.CASEMATE_HTTPS_PORT), own];
}
