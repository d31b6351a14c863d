import type { ControlTx, RequestContext } from '../../platform/index.ts';
import type { IdentityParts } from '../parts.ts';
import { permissionsIn, refuseBeyond } from '../standing/custom-roles.ts';
import { refuseHigher } from '../standing/feature-levels.ts';
import { lockTeam } from '../team/repo.ts';
import type { Given } from './policy.ts';

type Giving = Partial<Pick<Given, 'level' | 'customRoles'>> & {
  parts: Pick<IdentityParts, 'rights'>;
  tenantId: string;
};

/** Nobody lets a group give more than they have themselves, nor a custom role that is not there. */
export async function refuseGiving(
  tx: ControlTx,
  ctx: RequestContext,
  { parts, tenantId, level = null, customRoles = [] }: Giving,
): Promise<void> {
  // A role that somebody deletes meanwhile is gone before this looks, or is taken out of the group after.
  await lockTeam(tx, tenantId);
  if (level !== null) refuseHigher(ctx, level);
  refuseBeyond(ctx, await permissionsIn(tx, parts, { tenantId, ids: customRoles }));
}
