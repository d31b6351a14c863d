import { randomInt, timingSafeEqual } from 'node:crypto';
import { parseCookie, stringifySetCookie } from 'cookie';
import type { Request, Response } from 'express';
import type { TokenPepper } from '../platform/index.ts';

const NAME = '__Secure-casemate-device';
const PATH = '/api/session';
const DAYS = 180;
/** Accounts whose people share a browser; the latest are kept. */
const MOST_ACCOUNTS = 5;
/**
 * Known browsers of one account are counted in so many groups: whoever collects cookies by signing in
 * again and again gets no more tries than these have together.
 */
const GROUPS = 16;
const ENTRY = /^(\d{1,12})\.(\d{1,2})\.([\w-]{43})$/;
const BETWEEN = '~';

type Device = { pepper: TokenPepper; email: string; now: number };

/**
 * The group of a browser in which this e-mail has signed in before; nothing for any other ("Slow Down
 * Online Guessing Attacks with Device Cookies", OWASP). Says nothing of whether there is an account.
 */
export function findDevice(request: Request, device: Device): number | undefined {
  return entriesOf(request)
    .map((entry) => groupOf(entry, device))
    .find((group) => group !== undefined);
}

/** Whether it may have one; worth reading the body for, which names the e-mail. */
export function maybeDevice(request: Request): boolean {
  return entriesOf(request).length > 0;
}

/** Makes the browser known for this e-mail, after it has signed in. */
export function rememberDevice(request: Request, response: Response, device: Device): void {
  const others = entriesOf(request).filter((entry) => groupOf(entry, device) === undefined);
  const value = [newEntry(device), ...others].slice(0, MOST_ACCOUNTS).join(BETWEEN);
  const cookie = stringifySetCookie({
    name: NAME,
    value,
    maxAge: DAYS * 86_400,
    path: PATH,
    httpOnly: true,
    secure: true,
    sameSite: 'strict',
  });
  response.append('Set-Cookie', cookie);
}

function entriesOf(request: Request): string[] {
  const value = parseCookie(request.headers.cookie ?? '')[NAME] ?? '';
  return value.split(BETWEEN, MOST_ACCOUNTS).filter((entry) => ENTRY.test(entry));
}

function newEntry({ pepper, email, now }: Device): string {
  const [issued, group] = [String(Math.floor(now / 1000)), String(randomInt(GROUPS))];
  return `${issued}.${group}.${sign(pepper, email, `${issued}|${group}`).toString('base64url')}`;
}

function groupOf(entry: string, { pepper, email, now }: Device): number | undefined {
  const [, issued = '', group = '', mac = ''] = ENTRY.exec(entry) ?? [];
  const age = now / 1000 - Number(issued);
  if (age > DAYS * 86_400 || Number(group) >= GROUPS) return undefined;
  const right = sign(pepper, email, `${issued}|${group}`);
  return timingSafeEqual(right, Buffer.from(mac, 'base64url')) ? Number(group) : undefined;
}

function sign(pepper: TokenPepper, email: string, text: string): Buffer {
  return pepper.mac('device', `${email.toLowerCase()}|${text}`);
}
