import type { RequestContext } from '../../../platform/index.ts';
import { randomToken } from '../../random-token.ts';
import { goneFlow, hashOfState } from '../flows.ts';
import { keepAnswer, takeAnswer } from './answers-repo.ts';
import { MOST_CHARACTERS } from './read-xml.ts';

const KEPT_MS = 60_000;

/** Why a response is not even kept; the page that the browser is sent to has the words. */
export type NotKept = 'not_begun_here' | 'unreadable';

/**
 * Keeps a response that a page of the provider posted, for a minute and under a random handle. Nothing of it
 * is believed yet, and no cookie was sent along: the browser brings the handle to a page of the dashboard,
 * which hands it over with the cookie that binds the sign-in.
 */
export async function keepResponse(
  ctx: RequestContext,
  { response, relayState }: { response: string; relayState: string },
): Promise<{ handle: string } | { refused: NotKept }> {
  // A directory that begins by itself has no state of ours to send along.
  if (!/^[\w-]{43}$/.test(relayState)) return { refused: 'not_begun_here' };
  const xml = decode(response);
  if (xml === null) return { refused: 'unreadable' };
  const flow = hashOfState(ctx, relayState);
  const handle = randomToken();
  const fields = await ctx.openPlatformFields();
  const now = ctx.clock.now();
  const kept = await ctx.inControl((tx) =>
    keepAnswer(tx, {
      ...{ flow, now },
      handle: hashOfHandle(ctx, handle),
      value: fields.encrypt(placeOf(flow), xml),
      expiresAt: new Date(now.getTime() + KEPT_MS),
    }),
  );
  return kept ? { handle } : { refused: 'not_begun_here' };
}

/** Takes it, once. Throws gone. */
export async function takeResponse(
  ctx: RequestContext,
  { state, handle }: { state: string; handle: string },
): Promise<string> {
  const flow = hashOfState(ctx, state);
  const kept = await ctx.inControl((tx) =>
    takeAnswer(tx, { flow, handle: hashOfHandle(ctx, handle) }),
  );
  if (!kept || kept.expiresAt <= ctx.clock.now()) throw goneFlow();
  const fields = await ctx.openPlatformFields();
  return fields.decrypt(placeOf(flow), kept.value);
}

function hashOfHandle({ platform }: RequestContext, handle: string): Buffer {
  return platform.pepper.mac('kept-answer', handle);
}

function placeOf(flow: Buffer): { table: string; row: string; field: string } {
  return { table: 'kept_answers', row: flow.toString('hex'), field: 'value' };
}

/** Base64 of UTF-8 and of nothing else; null for what is not. */
function decode(response: string): string | null {
  const bare = response.replace(/[\r\n\t ]/g, '');
  if (bare.length > MOST_CHARACTERS * 1.4 || !/^[A-Za-z0-9+/]+={0,2}$/.test(bare)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(bare, 'base64'));
  } catch {
    return null;
  }
}
