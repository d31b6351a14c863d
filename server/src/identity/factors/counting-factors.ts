import type { ControlTx } from '../../platform/index.ts';
import { listMemberships, type AccountRow, type SessionRow } from '../repo.ts';
import { filterFacts } from './trusted-factors.ts';

/** What an account belongs to, and what the session opens in which its factors are asked about. */
export type Reach = {
  platformRole: AccountRow['platformRole'];
  tenantIds: readonly string[];
  /** The one tenant, where a connection of that tenant opened it, or would. */
  onlyTenant: string | null;
};

/**
 * Whether a factor counts that was made in a session of this tenant's directory: whoever ran that may hold
 * it. So it counts in that directory's own sign-ins, and elsewhere as long as the tenant is all that the
 * account has; from its first right beyond on it is enough for nothing there (decision 46).
 */
export function countsFor(
  tenantId: string,
  { platformRole, tenantIds, onlyTenant }: Reach,
): boolean {
  return (
    tenantId === onlyTenant || (platformRole === null && tenantIds.every((id) => id === tenantId))
  );
}

/** Of the facts of an account those that count; null when none does. */
export function countingFacts(facts: string | null, reach: Reach): string | null {
  return filterFacts(facts, (tenantId) => tenantId === null || countsFor(tenantId, reach));
}

/**
 * Of the facts of an account those that are asked for at a sign-in. Beside a password all of them: what
 * counts no more can only add, and who goes on to another tenant would else be in by the password alone.
 */
export function askedFacts(facts: string | null, reach: Reach): string | null {
  return reach.onlyTenant === null ? facts : countingFacts(facts, reach);
}

/** Those that whoever ran a directory could not have made: enough to sign in with nothing beside. */
export function factsOfNoTenant(facts: string | null): string | null {
  return filterFacts(facts, (tenantId) => tenantId === null);
}

type Known = Pick<AccountRow, 'id' | 'platformRole'>;

export async function findReach(
  tx: ControlTx,
  { id, platformRole }: Known,
  onlyTenant: string | null,
): Promise<Reach> {
  const memberships = await listMemberships(tx, id);
  return { platformRole, tenantIds: memberships.map((one) => one.id), onlyTenant };
}

/** That of a session, of what it was read with. */
export function reachOf({ platformRole, onlyTenant, memberships }: SessionRow): Reach {
  return { platformRole, onlyTenant, tenantIds: memberships.map(({ id }) => id) };
}

/** Whether a sign-in is asked for a second factor. */
export async function isAsked(
  tx: ControlTx,
  account: Known & Pick<AccountRow, 'factors'>,
  onlyTenant: string | null,
): Promise<boolean> {
  if (onlyTenant === null) return account.factors !== null;
  return hasCounting(tx, account, onlyTenant);
}

/** Whether a session has a second factor to show again. */
export async function hasCounting(
  tx: ControlTx,
  account: Known & Pick<AccountRow, 'factors'>,
  onlyTenant: string | null,
): Promise<boolean> {
  if (account.factors === null) return false;
  return countingFacts(account.factors, await findReach(tx, account, onlyTenant)) !== null;
}
