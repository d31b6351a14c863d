import { scopesOf } from '../../access/index.ts';
import { recordOnPlatform } from '../../audit/index.ts';
import { AppError, newId, type RequestContext } from '../../platform/index.ts';
import type { IdentityParts } from '../parts.ts';
import { newKeyToken } from './key-token.ts';
import { ownerOf, type KeyOwner } from './key-owner.ts';
import { countLiveKeys, findKey, insertKey, type KeyRow } from './repo.ts';

export type KeyWish = {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly expiresInDays: number;
  /** Networks in CIDR notation. */
  readonly addresses: readonly string[];
};

/** Enough for every program of one account; more is a leak of a script. */
const MOST_KEYS = 20;
const DAY_MS = 86_400_000;

/**
 * Makes a key of the actor, or of a service account of the tenant, and answers it this once.
 *
 * @throws AppError invalid_input for a scope that the owner's role does not have, not_found for no such
 *   service account, conflict for too many keys
 */
export async function issueKey(
  ctx: RequestContext,
  parts: IdentityParts,
  { owner: wanted, ...wish }: KeyWish & { owner: KeyOwner },
): Promise<KeyRow & { key: string }> {
  const tenantId = ctx.tenantId ?? '';
  const token = newKeyToken();
  const row = await ctx.inControl(async (tx) => {
    const owner = await ownerOf(tx, ctx, { rights: parts.rights, wanted });
    refuseScopes(wish.scopes, scopesOf(owner.standing));
    if ((await countLiveKeys(tx, { tenantId, accountId: owner.id })) >= MOST_KEYS)
      throw new AppError(
        'not_allowed_now',
        `There are ${MOST_KEYS} keys already; revoke one that rests`,
      );
    const facts = {
      id: newId(),
      tenantId,
      accountId: owner.id,
      hash: parts.pepper.mac('api-key', token),
      scopes: [...new Set(wish.scopes)].toSorted(),
      addresses: [...new Set(wish.addresses)],
      expiresAt: new Date(ctx.clock.now().getTime() + wish.expiresInDays * DAY_MS),
    };
    await insertKey(tx, {
      ...facts,
      name: wish.name,
      hint: token.slice(-4),
      createdBy: ctx.actor.accountId ?? '',
      seal: parts.rights.sealApiKey(facts),
    });
    await recordOnPlatform(tx, ctx, {
      action: 'api_key.create',
      resourceType: 'api_key',
      resourceId: facts.id,
      tenantId,
      after: {
        owner: owner.auditId,
        scopes: facts.scopes,
        networks: facts.addresses.length,
        expiresAt: facts.expiresAt.toISOString(),
      },
    });
    return findKey(tx, { tenantId, keyId: facts.id });
  });
  if (!row) throw new AppError('internal', 'The key was made and is not there');
  return { ...row, key: token };
}

function refuseScopes(wanted: readonly string[], allowed: readonly string[]): void {
  const beyond = wanted.filter((scope) => !allowed.includes(scope));
  if (beyond.length === 0) return;
  throw new AppError(
    'invalid_input',
    `A key can't do what its owner may not: ${beyond.join(', ')}; choose from ${allowed.join(', ')}`,
  );
}
