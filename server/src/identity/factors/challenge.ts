import { ipKeyGenerator } from 'express-rate-limit';
import {
  AppError,
  type ControlTx,
  type RequestContext,
  type TokenPepper,
} from '../../platform/index.ts';
import { randomToken } from '../random-token.ts';
import { sameSeal } from '../rights/row-seals.ts';
import {
  findChallenge,
  insertChallenge,
  type ChallengePurpose,
  type ChallengeRow,
} from './challenge-repo.ts';
import type { OpenedBy } from '../repo.ts';

const MINUTES = 5;

export type MadeChallenge = { token: string; expiresAt: Date };

type Asked = {
  purpose: ChallengePurpose;
  accountId: string | null;
  sessionId: string | null;
  /** Who does not know what it is made of can't answer, though they have the token (boundToken). */
  binds?: string | undefined;
  by?: OpenedBy | undefined;
};

/** Asks for a factor; its token opens nothing, and only from the same address is it answered. */
export async function makeChallenge(
  tx: ControlTx,
  ctx: RequestContext,
  { binds, by, ...asked }: Asked,
): Promise<MadeChallenge> {
  const { pepper } = ctx.platform;
  const token = randomToken();
  const hash = pepper.mac('factor-challenge', boundToken(token, binds));
  const expiresAt = new Date(ctx.clock.now().getTime() + MINUTES * 60_000);
  const row = { hash, ...asked, address: addressOf(ctx), expiresAt, by: by ?? null };
  await insertChallenge(tx, { ...row, seal: sealOf(pepper, row) });
  return { token, expiresAt };
}

/** Throws gone when it was answered, was wrong too often, has run out, or is another's. */
export async function readChallenge(
  tx: ControlTx,
  ctx: RequestContext,
  { token, purpose }: { token: string; purpose: ChallengePurpose },
): Promise<ChallengeRow> {
  const { pepper } = ctx.platform;
  const row = await findChallenge(tx, pepper.mac('factor-challenge', token));
  if (!row || row.ended || row.purpose !== purpose) throw goneChallenge();
  if (!sameSeal(row.seal, sealOf(pepper, row))) throw goneChallenge();
  if (row.expiresAt <= ctx.clock.now() || row.address !== addressOf(ctx)) throw goneChallenge();
  return row;
}

/** The token of a challenge together with what its answer must know beside it. */
export function boundToken(token: string, binds: string | undefined): string {
  return binds === undefined ? token : `${token}|${binds}`;
}

/** What a passkey signs: known from the token alone, so it is stored nowhere. */
export function webauthnChallenge(pepper: TokenPepper, token: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(pepper.mac('webauthn-challenge', token));
}

export function goneChallenge(): AppError {
  return new AppError('gone', 'This has run out, or was wrong too often: sign in again');
}

type Sealed = Pick<
  ChallengeRow,
  'hash' | 'purpose' | 'accountId' | 'sessionId' | 'address' | 'expiresAt' | 'by'
>;

function sealOf(pepper: TokenPepper, row: Sealed): Buffer {
  const { hash, purpose, accountId, sessionId, address, expiresAt, by } = row;
  const facts = [hash.toString('hex'), purpose, accountId, sessionId, address, expiresAt.getTime()];
  // Without a directory it is the seal of the versions that knew none.
  if (by) facts.push(by.connectionId, by.onlyTenant, by.providerSession?.toString('hex') ?? null);
  return pepper.mac('factor-challenge-row', JSON.stringify(facts));
}

/** An IPv6 network has a whole /64 to choose from, and changes within it. */
function addressOf({ ip }: RequestContext): string {
  return ip === null ? 'none' : ipKeyGenerator(ip, 64);
}
