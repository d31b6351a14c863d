import { auditGuards, type GuardAudit } from '../access/index.ts';
import type { Config, Endpoint } from '../platform/index.ts';
import { withCommandParts } from './with-command-parts.ts';

/** The audit of guards on the live database, over the route table that this program serves. */
export async function guardsCommand(
  config: Config,
  routes: readonly Endpoint[],
): Promise<GuardAudit> {
  return withCommandParts(config, 2, (ctx) => auditGuards(ctx, routes));
}
