import type { RequestContext } from '../../platform/index.ts';
import { listTenantNames } from '../rights/sealed-repo.ts';
import { listAllConnections, type ConnectionKind, type ConnectionState } from './repo.ts';
import { soundConnection } from './seals.ts';

export type ListedConnection = {
  id: string;
  /** Null: of the platform. */
  tenantId: string | null;
  tenant: string | null;
  name: string;
  kind: ConnectionKind;
  state: ConnectionState;
  domains: string[];
  /** False of one that the server did not write, which opens nothing. */
  sound: boolean;
};

/** Of the platform and of every tenant, for whoever runs the host; never a secret or a setting. */
export async function listEveryConnection(ctx: RequestContext): Promise<ListedConnection[]> {
  const { rows, names } = await ctx.inControl(async (tx) => ({
    rows: await listAllConnections(tx),
    names: await listTenantNames(tx),
  }));
  return rows.map((row) => {
    const { id, tenantId, name, kind, state, domains } = row;
    const tenant = tenantId === null ? null : (names.get(tenantId) ?? tenantId);
    const sound = soundConnection(ctx, row) !== undefined;
    return { id, tenantId, tenant, name, kind, state, domains, sound };
  });
}
