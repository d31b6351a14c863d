import { parseCookie, stringifySetCookie } from 'cookie';
import type { Request, Response } from 'express';
import { AppError, type ControlTx, type RequestContext } from '../../platform/index.ts';
import { randomToken } from '../random-token.ts';
import { sameSeal } from '../rights/row-seals.ts';
import { insertFlow, takeFlowRow, type FlowPurpose, type FlowRow } from './flows-repo.ts';

const NAME = '__Secure-casemate-sso';
const PATH = '/api/session';
const MINUTES = 10;

/** What goes to the provider and what is checked when the browser comes back. */
export type FlowSecrets = { state: string; nonce: string; verifier: string };

type Begun = { connectionId: string; purpose: FlowPurpose; sessionId: string | null };

/**
 * Begins a sign-in at a provider. The state is a random token, nonce and verifier follow from it and from
 * what the browser holds, under the pepper: the database keeps nothing of which either could be made.
 */
export async function beginFlow(
  ctx: RequestContext,
  { browser, ...begun }: Begun & { browser: string },
): Promise<FlowSecrets> {
  const state = randomToken();
  const { pepper } = ctx.platform;
  const row = {
    ...begun,
    hash: hashOfState(ctx, state),
    browser: pepper.mac('sign-in-browser', browser),
    expiresAt: new Date(ctx.clock.now().getTime() + MINUTES * 60_000),
  };
  await ctx.inControl((tx) => insertFlow(tx, { ...row, seal: sealOf(ctx, row) }));
  return secretsOf(ctx, state, browser);
}

/** Takes it, once, and in the browser alone that began it. Throws gone. */
export async function takeFlow(
  tx: ControlTx,
  ctx: RequestContext,
  { state, browser }: { state: string; browser: string | null },
): Promise<FlowSecrets & Begun> {
  if (browser === null) throw goneFlow();
  const { pepper } = ctx.platform;
  const row = await takeFlowRow(tx, {
    hash: hashOfState(ctx, state),
    browser: pepper.mac('sign-in-browser', browser),
  });
  if (!row || !sameSeal(row.seal, sealOf(ctx, row)) || row.expiresAt <= ctx.clock.now())
    throw goneFlow();
  const { connectionId, purpose, sessionId } = row;
  return { ...secretsOf(ctx, state, browser), connectionId, purpose, sessionId };
}

/** What the browser holds while it is at the provider; a new one where it holds none. */
export function holdBrowser(request: Request, response: Response): string {
  const browser = readBrowser(request) ?? randomToken();
  const cookie = stringifySetCookie({
    name: NAME,
    value: browser,
    maxAge: MINUTES * 60,
    path: PATH,
    httpOnly: true,
    secure: true,
    // The page that comes back asks from this origin: no other site makes it send this.
    sameSite: 'strict',
  });
  response.append('Set-Cookie', cookie);
  return browser;
}

export function readBrowser(request: Request): string | null {
  const value = parseCookie(request.headers.cookie ?? '')[NAME];
  return value !== undefined && /^[\w-]{43}$/.test(value) ? value : null;
}

export function goneFlow(): AppError {
  return new AppError(
    'gone',
    'This sign-in was used, has run out, or was begun in another browser: begin again',
  );
}

/** Under which the database knows a sign-in that is under way. */
export function hashOfState({ platform }: RequestContext, state: string): Buffer {
  return platform.pepper.mac('sign-in-flow', state);
}

function secretsOf({ platform }: RequestContext, state: string, browser: string): FlowSecrets {
  const of = (purpose: 'sign-in-nonce' | 'sign-in-verifier'): string =>
    platform.pepper.mac(purpose, JSON.stringify([state, browser])).toString('base64url');
  return { state, nonce: of('sign-in-nonce'), verifier: of('sign-in-verifier') };
}

function sealOf({ platform }: RequestContext, row: Omit<FlowRow, 'seal'>): Buffer {
  const { hash, connectionId, purpose, sessionId, browser, expiresAt } = row;
  const facts = [hash.toString('hex'), connectionId, purpose, sessionId];
  return platform.pepper.mac(
    'sign-in-flow-row',
    JSON.stringify([...facts, browser.toString('hex'), expiresAt.getTime()]),
  );
}
