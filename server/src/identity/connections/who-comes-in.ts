import type { ControlTx, RequestContext } from '../../platform/index.ts';
import { listStored } from '../accounts/repo.ts';
import type { IdentityParts } from '../parts.ts';
import { listTeamRows } from '../team/repo.ts';
import { listConsentRows } from './consents-repo.ts';
import { isLetIn } from './consents.ts';
import { listIdentitiesOf } from './identities-repo.ts';
import { listConnections, type ConnectionRow } from './repo.ts';
import { findRules } from './rules-repo.ts';
import { isSoundIdentity, soundConnection } from './seals.ts';

type Of = { parts: Pick<IdentityParts, 'rights'>; tenantId: string };

/** How a tenant can be got into, and by which of its administrators. */
export type Entrances = {
  /** Accounts of administrators who can come in now. */
  readonly admins: readonly string[];
  /** The account that a password lets in where single sign-on alone does; null where it could not come. */
  readonly emergency: string | null;
  /** Whether passwords let in nobody but that one. */
  readonly isShut: boolean;
  /** Connections by which people come. */
  readonly ways: number;
};

/**
 * Counts those who can come in, not those who have a role: an account that the server did not write signs
 * nobody in, and where single sign-on alone lets in a password is of no use. Whoever is to change it holds
 * the team (`lockTeam`).
 */
export async function findEntrances(
  tx: ControlTx,
  ctx: RequestContext,
  { parts: { rights }, tenantId }: Of,
): Promise<Entrances> {
  const team = (await listTeamRows(tx, tenantId)).filter(
    (row) => row.role === 'admin' && row.state === 'active' && rights.trustsMembership(row),
  );
  const ids = team.map(({ accountId }) => accountId);
  const accounts = (await listStored(tx, ids)).filter((one) => rights.trustsAccount(one));
  const rules = await findRules(tx, tenantId);
  const isSound = rules !== undefined && rights.trustsSignInRules(rules);
  const isShut = rules !== undefined && (!isSound || rules.ssoOnly);
  const ways = await listWaysInto(tx, ctx, tenantId);
  if (!isShut)
    return { admins: accounts.map(({ id }) => id), emergency: null, isShut, ways: ways.length };
  const glass = isSound ? accounts.find(({ id }) => id === rules.breakGlass) : undefined;
  const emergency = glass && hasPassword(glass) ? glass.id : null;
  const linked = await linkedBy(tx, ctx, { ways, ids: accounts.map(({ id }) => id) });
  const admins = accounts.filter(({ id }) => id === emergency || linked.has(id));
  return { admins: admins.map(({ id }) => id), emergency, isShut, ways: ways.length };
}

export function hasPassword({ passwordHash }: { passwordHash: string }): boolean {
  return !passwordHash.startsWith('!');
}

/** The active connections by which people come into a tenant: its own, and those of the platform that it let in. */
export async function listWaysInto(
  tx: ControlTx,
  ctx: RequestContext,
  tenantId: string,
): Promise<ConnectionRow[]> {
  const consents = await listConsentRows(tx, { tenantId });
  const platform = (await listConnections(tx, null)).filter((row) =>
    consents.some((consent) => isLetIn(ctx, row, consent)),
  );
  const rows = [...(await listConnections(tx, tenantId)), ...platform];
  return rows.filter((row) => row.state === 'active' && soundConnection(ctx, row));
}

async function linkedBy(
  tx: ControlTx,
  { platform: { pepper } }: RequestContext,
  { ways, ids }: { ways: readonly ConnectionRow[]; ids: readonly string[] },
): Promise<ReadonlySet<string>> {
  const open = new Set(ways.map(({ id }) => id));
  const links = await listIdentitiesOf(tx, ids);
  return new Set(
    links
      .filter((one) => open.has(one.connectionId) && isSoundIdentity(pepper, one))
      .map(({ accountId }) => accountId),
  );
}
