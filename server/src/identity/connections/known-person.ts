import type { ControlTx, RequestContext } from '../../platform/index.ts';
import { findStored, lockAccount, type StoredAccount } from '../accounts/repo.ts';
import { findMadeOf, type MadeOf } from '../groups/settle-roles.ts';
import type { IdentityParts } from '../parts.ts';
import { listMemberships } from '../repo.ts';
import { trustedMemberships } from '../rights/trusted.ts';
import { lockTeam } from '../team/repo.ts';
import { findIdentity } from './identities-repo.ts';
import { domainOf, type Known, type KnownAccount } from './policy.ts';
import { listDomains, type ConnectionRow } from './repo.ts';
import { isProven, isSoundIdentity } from './seals.ts';
import { findEntrances } from './who-comes-in.ts';

export type Parts = Pick<IdentityParts, 'rights' | 'relay'>;

/** What is known here of somebody of whom a directory speaks. */
export type KnownPerson = {
  readonly known: Known;
  readonly account: StoredAccount | null;
  /** Whether it was linked before. */
  readonly linked: boolean;
  /** Somebody else wrote the link. */
  readonly forged: boolean;
};

type Asked = {
  parts: Parts;
  connection: ConnectionRow;
  /** Null for a dry run: by the account of the address, where that is linked. */
  subject: Buffer | null;
  email: string | null;
};

/**
 * Reads, under locks, what decides. An address counts only where its domain was shown to be the
 * tenant's own: of others it is not even looked at whether somebody here has it.
 */
export async function findKnown(
  tx: ControlTx,
  ctx: RequestContext,
  { parts, connection, subject, email }: Asked,
): Promise<KnownPerson> {
  const proven = (await listDomains(tx, connection.tenantId)).filter((row) => isProven(ctx, row));
  const ownDomains = proven.map(({ domain }) => domain);
  const { id: connectionId } = connection;
  const identity = subject ? await findIdentity(tx, { connectionId, subject }) : undefined;
  const forged = identity !== undefined && !isSoundIdentity(ctx.platform.pepper, identity);
  if (identity && !forged) {
    const account = await readLocked(tx, { accountId: identity.accountId });
    const linked = account ? await factsOf(tx, ctx, { parts, account, connection }) : ENDED;
    return { known: { ownDomains, linked, sameEmail: null }, account, linked: true, forged };
  }
  const isOwn = email !== null && ownDomains.includes(domainOf(email));
  const account = isOwn ? await readLocked(tx, { email }) : null;
  const facts = account && (await factsOf(tx, ctx, { parts, account, connection }));
  return { known: { ownDomains, linked: null, sameEmail: facts }, account, linked: false, forged };
}

const ENDED: KnownAccount = {
  state: 'erased',
  trusted: false,
  platformRole: null,
  memberships: [],
  lastAdminOf: [],
};

async function readLocked(
  tx: ControlTx,
  by: { email: string } | { accountId: string },
): Promise<StoredAccount | null> {
  const found = await findStored(tx, by);
  if (!found) return null;
  await lockAccount(tx, found.id);
  return (await findStored(tx, { accountId: found.id })) ?? null;
}

async function factsOf(
  tx: ControlTx,
  ctx: RequestContext,
  {
    parts: { rights },
    account,
    connection,
  }: { parts: Parts; account: StoredAccount; connection: ConnectionRow },
): Promise<KnownAccount> {
  const { id, state, platformRole } = account;
  const trusted =
    (state === 'active' || state === 'invited') && rights.trustsAccount(account, state);
  const rows = trustedMemberships(rights, id, await listMemberships(tx, id));
  const made = new Map<string, MadeOf>();
  const lastAdminOf: string[] = [];
  for (const tenantId of tenantsOf(connection)) {
    if (await isNeeded(tx, ctx, { rights, tenantId, accountId: id })) lastAdminOf.push(tenantId);
    const of = await findMadeOf(tx, ctx, { parts: { rights }, tenantId, accountId: id });
    if (of) made.set(tenantId, of);
  }
  const memberships = rows.map(({ id: tenantId, standing: { role } }) => ({
    ...{ tenantId, role, own: role, byGroups: null },
    ...made.get(tenantId),
  }));
  return { state, trusted, platformRole, memberships, lastAdminOf };
}

function tenantsOf({ tenantId, mappings }: ConnectionRow): string[] {
  const named = tenantId === null ? mappings.map((one) => one.tenantId) : [tenantId];
  return [...new Set(named)].toSorted();
}

/** Whether the tenant would be left without somebody who administers it, or without its emergency account. */
async function isNeeded(
  tx: ControlTx,
  ctx: RequestContext,
  { rights, tenantId, accountId }: { rights: Parts['rights']; tenantId: string; accountId: string },
): Promise<boolean> {
  await lockTeam(tx, tenantId);
  const { admins, emergency } = await findEntrances(tx, ctx, { parts: { rights }, tenantId });
  return emergency === accountId || (admins.length === 1 && admins[0] === accountId);
}
