import type { ControlTx } from '../../platform/index.ts';
import { listMemberships, type AccountRow, type OpenedBy } from '../repo.ts';
import type { Rights } from '../rights/rights.ts';
import { trustedStanding } from '../standing/trusted-standing.ts';
import type { FactorRow } from './repo.ts';
import { askedFacts, countingFacts, countsFor, findReach } from './counting-factors.ts';
import type { ChallengePurpose } from './challenge-repo.ts';
import { factOf, listTrustedFactors } from './trusted-factors.ts';

type Asked = {
  account: Pick<AccountRow, 'id' | 'factors' | 'platformRole'>;
  /** The connection that opens the session that is asked for, or opened the one that asks. */
  by: Pick<OpenedBy, 'onlyTenant'> | null;
  purpose: ChallengePurpose;
};

export type Counted = {
  factors: FactorRow[];
  /** Recovery codes count that were made in sessions of these tenants' directories, too. */
  tenantIds: string[];
};

/**
 * The factors with which a challenge can be answered. Where a role demands more than a phone, a phone
 * beside that answers for nothing: else whoever gets another card of its number is past the factor that
 * was demanded. Who has nothing else may answer by it, and then sets up more before anything else. A
 * membership that somebody else wrote demands the most: nothing is lowered by writing into it.
 */
export async function findAnswering(
  tx: ControlTx,
  rights: Rights,
  { account, by, purpose }: Asked,
): Promise<Counted> {
  const reach = await findReach(tx, account, by?.onlyTenant ?? null);
  const isSignIn = purpose !== 'step-up';
  const facts = (isSignIn ? askedFacts : countingFacts)(account.factors, reach);
  const factors = await listTrustedFactors(tx, { id: account.id, factors: facts });
  const tenantIds = [...reach.tenantIds, ...(reach.onlyTenant === null ? [] : [reach.onlyTenant])];
  return {
    factors: await withoutPhone(tx, rights, { account, factors }),
    tenantIds: tenantIds.filter(
      (id) => (isSignIn && reach.onlyTenant === null) || countsFor(id, reach),
    ),
  };
}

async function withoutPhone(
  tx: ControlTx,
  rights: Rights,
  { account, factors }: { account: Asked['account']; factors: FactorRow[] },
): Promise<FactorRow[]> {
  const phones = factors.filter(({ kind }) => kind === 'phone');
  if (phones.length === 0 || phones.length === factors.length) return factors;
  if (rights.suffices(phones.map(factOf).join(','))) return factors;
  const memberships = await listMemberships(tx, account.id);
  const { platformRole } = account;
  const standings = memberships.map(({ id: tenantId, auditId, standing }) =>
    trustedStanding(rights, { accountId: account.id, auditId, tenantId }, standing),
  );
  const sound = standings.filter((standing) => standing !== null);
  return sound.length < standings.length || rights.demandsFactor({ platformRole, standings: sound })
    ? factors.filter(({ kind }) => kind !== 'phone')
    : factors;
}
