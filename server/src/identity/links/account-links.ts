import { ownOrigins, type ControlTx, type RequestContext } from '../../platform/index.ts';
import { randomToken } from '../random-token.ts';
import { sameSeal } from '../rights/row-seals.ts';
import { findLiveLink, insertLink, markLinkUsed, type LinkPurpose, type LinkRow } from './repo.ts';

export type AccountLink = Omit<LinkRow, 'hash' | 'seal'>;

type Wish = {
  purpose: LinkPurpose;
  accountId: string;
  invitationId?: string;
  way: LinkRow['way'];
  hours: number;
  /** What else the link is good for and nothing else: the address that it verifies. */
  binds?: string;
};

const PAGE = { invitation: 'invitation', reset: 'reset', email: 'verify-email' } as const;

/**
 * Draws a one-time link. The token stands behind `#`, which browsers send to nobody: it is in no log of
 * a proxy. The database keeps its HMAC, and a seal, so that its row can't be turned to another account.
 */
export async function makeLink(
  tx: ControlTx,
  ctx: RequestContext,
  wish: Wish,
): Promise<{ url: string; expiresAt: Date }> {
  const { purpose, accountId, way, hours, binds } = wish;
  const token = randomToken();
  const link = {
    hash: hashOf(ctx, token),
    purpose,
    accountId,
    invitationId: wish.invitationId ?? null,
    way,
    expiresAt: new Date(ctx.clock.now().getTime() + hours * 3_600_000),
  };
  await insertLink(tx, { ...link, seal: sealOf(ctx, link, binds) });
  const [origin] = ownOrigins(ctx.platform.config);
  return { url: `${origin}/${PAGE[purpose]}#${token}`, expiresAt: link.expiresAt };
}

type Shown = {
  token: string;
  purpose: LinkPurpose;
  binds?: (accountId: string) => Promise<string>;
};

/** What a link is for, unspent; nothing when it is good for nothing. */
export async function findLink(
  tx: ControlTx,
  ctx: RequestContext,
  shown: Shown,
): Promise<AccountLink | undefined> {
  const hash = hashOf(ctx, shown.token);
  return sound(ctx, await findLiveLink(tx, { hash, purpose: shown.purpose }), shown);
}

/** Spends a link: of many that try at once, one gets it. */
export async function spendLink(
  tx: ControlTx,
  ctx: RequestContext,
  shown: Shown,
): Promise<AccountLink | undefined> {
  const hash = hashOf(ctx, shown.token);
  return sound(ctx, await markLinkUsed(tx, { hash, purpose: shown.purpose }), shown);
}

async function sound(
  ctx: RequestContext,
  row: LinkRow | undefined,
  { binds }: Shown,
): Promise<AccountLink | undefined> {
  if (!row) return undefined;
  const { seal, hash, ...link } = row;
  const wanted = sealOf(ctx, { ...link, hash }, await binds?.(link.accountId));
  if (!sameSeal(seal, wanted)) {
    ctx.log.error('a link that this server did not write was refused', { purpose: link.purpose });
    return undefined;
  }
  return link;
}

function hashOf({ platform }: RequestContext, token: string): Buffer {
  return platform.pepper.mac('account-link', token);
}

function sealOf(
  { platform }: RequestContext,
  link: Omit<LinkRow, 'seal'>,
  binds: string | undefined,
): Buffer {
  const { hash, purpose, accountId, invitationId, way, expiresAt } = link;
  const facts = [hash.toString('hex'), purpose, accountId, invitationId, way];
  const all = [...facts, expiresAt.toISOString(), binds ?? null];
  return platform.pepper.mac('account-link-seal', JSON.stringify(all));
}
