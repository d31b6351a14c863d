import type { ControlTx } from '../../platform/index.ts';
import { listStandings, writeAccess } from '../groups/repo.ts';
import type { IdentityParts } from '../parts.ts';
import { listHolders } from './repo.ts';

/**
 * Takes a custom role out of every membership that has it, under a new seal. A membership that somebody
 * else wrote stays as it is: it counts for nothing.
 */
export async function takeRoleFromMembers(
  tx: ControlTx,
  { rights }: Pick<IdentityParts, 'rights'>,
  { id, tenantId }: { id: string; tenantId: string },
): Promise<void> {
  const accountIds = await listHolders(tx, { id, tenantId });
  for (const row of await listStandings(tx, { tenantId, accountIds })) {
    if (!rights.trustsMembership(row)) continue;
    const customRoles = row.customRoles.filter((one) => one !== id);
    const seal = rights.sealMembership({ ...row, customRoles });
    await writeAccess(tx, { ...row, customRoles, seal });
  }
}
