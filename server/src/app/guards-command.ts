import { auditGuards, type GuardAudit } from '../access/index.ts';
import type { Config, Endpoint } from '../platform/index.ts';
import { createSystemContext } from './context.ts';
import { createParts } from './parts.ts';

/** The audit of guards on the live database, over the route table that this program serves. */
export async function guardsCommand(
  config: Config,
  routes: readonly Endpoint[],
): Promise<GuardAudit> {
  const parts = await createParts({ ...config, CASEMATE_DATABASE_POOL: 2 }, 'server');
  try {
    return await auditGuards(createSystemContext(parts), routes);
  } finally {
    parts.identity.hasher.stop();
    await parts.platform.db.close();
  }
}
