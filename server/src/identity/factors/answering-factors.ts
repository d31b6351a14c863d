import type { ControlTx } from '../../platform/index.ts';
import { listMemberships, type AccountRow } from '../repo.ts';
import type { Rights } from '../rights/rights.ts';
import type { FactorRow } from './repo.ts';
import { factOf, listTrustedFactors } from './trusted-factors.ts';

/**
 * The factors with which a challenge can be answered. Where a role demands more than a phone, a phone
 * beside that answers for nothing: else whoever gets another card of its number is past the factor that
 * was demanded. Who has nothing else may answer by it, and then sets up more before anything else.
 */
export async function listAnsweringFactors(
  tx: ControlTx,
  rights: Rights,
  account: Pick<AccountRow, 'id' | 'factors' | 'platformRole'>,
): Promise<FactorRow[]> {
  const factors = await listTrustedFactors(tx, account);
  const phones = factors.filter(({ kind }) => kind === 'phone');
  if (phones.length === 0 || phones.length === factors.length) return factors;
  if (rights.suffices(phones.map(factOf).join(','))) return factors;
  const memberships = await listMemberships(tx, account.id);
  const { platformRole } = account;
  const standings = memberships.map(({ standing: { role, factors: rule } }) => {
    return { role, needsFactor: rule?.everyone === true };
  });
  return rights.demandsFactor({ platformRole, standings })
    ? factors.filter(({ kind }) => kind !== 'phone')
    : factors;
}
