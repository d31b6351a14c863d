import { identityRoutes, isMember, joinTenant, type IdentityParts } from '../identity/index.ts';
import type { Endpoint } from '../platform/index.ts';
import { tenancyRoutes } from '../tenancy/index.ts';
import type { TenantJobHandler } from './job-handlers.ts';
import { systemRoutes } from './system-routes.ts';

/** Every kind of work that tenants can have in the queue. */
export const jobHandlers: Readonly<Record<string, TenantJobHandler>> = {};

/** The whole route table: the router, the API description and the isolation tests come from it. */
export function routeTable(identity: IdentityParts): readonly Endpoint[] {
  const routes: Endpoint[] = [];
  routes.push(
    ...systemRoutes({ identity, allRoutes: () => routes }),
    ...identityRoutes(identity),
    ...tenancyRoutes({
      join: (ctx, membership) => joinTenant(ctx, identity, membership),
      sees: isMember,
    }),
  );
  return routes;
}
