import type { ControlTx, RequestContext } from '../../platform/index.ts';
import { sealOfGroup, soundGroup } from '../groups/group-seals.ts';
import { changeGroup, listGroupRows } from '../groups/repo.ts';
import { settleRoles } from '../groups/settle-roles.ts';
import type { IdentityParts } from '../parts.ts';
import { lockTeam } from '../team/repo.ts';
import { listHolders } from './repo.ts';

type Taking = { parts: Pick<IdentityParts, 'rights' | 'relay'>; id: string; tenantId: string };

/**
 * Takes a custom role out of every group that gives it and every membership that has it, under new seals. What
 * somebody else wrote stays as it is: it counts for nothing.
 */
export async function takeRoleFromAll(
  tx: ControlTx,
  ctx: RequestContext,
  { parts, id, tenantId }: Taking,
): Promise<void> {
  const { pepper } = ctx.platform;
  const without = (ids: readonly string[]): string[] => ids.filter((one) => one !== id);
  await lockTeam(tx, tenantId);
  const accountIds = await listHolders(tx, { id, tenantId });
  for (const group of await listGroupRows(tx, tenantId)) {
    if (!group.customRoles.includes(id) || !soundGroup(pepper, group)) continue;
    const facts = { ...group, customRoles: without(group.customRoles) };
    await changeGroup(tx, { ...facts, seal: sealOfGroup(pepper, facts) });
  }
  await settleRoles(tx, ctx, {
    ...{ parts, tenantId, accountIds },
    change: (own) => ({ ...own, customRoles: without(own.customRoles) }),
  });
}
