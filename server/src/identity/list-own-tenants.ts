import type { ControlTx } from '../platform/index.ts';
import type { IdentityParts } from './parts.ts';
import { listMemberships, type SessionState } from './repo.ts';
import { membershipsIn, trustedMemberships } from './rights/trusted.ts';
import { viewTenant, type TenantView } from './session-schema.ts';
import { listNamedTenants } from './visits/repo.ts';

/** The tenants that a session opens: one's own, and those that one visits. */
export async function listOwnTenants(
  tx: ControlTx,
  { rights }: Pick<IdentityParts, 'rights'>,
  state: SessionState,
): Promise<TenantView[]> {
  const rows = await listMemberships(tx, state.id);
  const own = membershipsIn(state, trustedMemberships(rights, state.id, rows)).map(viewTenant);
  const visited = state.memberships.filter(({ standing }) => standing.visit !== undefined);
  if (visited.length === 0) return own;
  const ids = visited.map(({ id }) => id);
  const seen = (await listNamedTenants(tx, ids)).flatMap((tenant) => {
    const standing = visited.find(({ id }) => id === tenant.id)?.standing;
    return standing ? [viewTenant({ ...tenant, standing })] : [];
  });
  return [...own, ...seen];
}
