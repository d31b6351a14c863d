import type { RequestContext } from '../../platform/index.ts';
import { issueKey } from '../api-keys/issue-key.ts';
import { listKeys, listServiceAccounts, type KeyRow } from '../api-keys/repo.ts';
import { createServiceAccount } from '../api-keys/service-accounts.ts';
import type { IdentityParts } from '../parts.ts';
import { openDirectory } from './directory-people.ts';
import { baseUrl } from './present.ts';
import { countDirectory, listArrivals, type ArrivalRow } from './repo.ts';

export const SCOPE = 'directory.provision';
const NAME = 'SCIM directory';

export type Arrival = {
  userName: string;
  /** What became of the person. */
  standing: 'member' | 'invited' | 'ended';
  at: Date;
};

export type SetUp = {
  baseUrl: string;
  tokens: KeyRow[];
  counts: { users: number; active: number; groups: number };
  arrivals: Arrival[];
};

/** What a tenant's administrators see of their directory. */
export async function readSetUp(ctx: RequestContext, tenantId: string): Promise<SetUp> {
  const directory = await openDirectory(ctx);
  const { keys, counts, rows } = await ctx.inControl(async (tx) => ({
    keys: await listKeys(tx, { tenantId, accountId: null }),
    counts: await countDirectory(tx, tenantId),
    rows: await listArrivals(tx, directory, tenantId),
  }));
  return {
    baseUrl: baseUrl(ctx, tenantId),
    tokens: keys.filter(({ scopes }) => scopes.includes(SCOPE)),
    counts,
    arrivals: rows.map(({ userName, updatedAt, ...row }) => ({
      userName,
      at: updatedAt,
      standing: standingOf(row),
    })),
  };
}

type Row = Pick<ArrivalRow, 'active' | 'state' | 'member'>;

/** Of somebody who is not in the tenant no more than that: a closed account, too, is as one that has not come. */
function standingOf({ active, state, member }: Row): Arrival['standing'] {
  if (!active) return 'ended';
  return member && state === 'active' ? 'member' : 'invited';
}

type Wish = { name: string; expiresInDays: number; addresses: readonly string[] };

/**
 * A token for the directory: an API key of a service account of the tenant, which can do this and
 * nothing else. Answered this once.
 */
export async function makeToken(
  ctx: RequestContext,
  parts: IdentityParts,
  wish: Wish,
): Promise<KeyRow & { key: string }> {
  const accounts = await ctx.inControl((tx) => listServiceAccounts(tx, ctx.tenantId ?? ''));
  const present = accounts.find(({ name, role }) => name === NAME && role === 'admin');
  const account =
    present ?? (await createServiceAccount(ctx, parts, { name: NAME, role: 'admin' }));
  const owner = { kind: 'service', accountId: account.id } as const;
  return issueKey(ctx, parts, { ...wish, scopes: [SCOPE], owner });
}
