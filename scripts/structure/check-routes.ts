import type { Finding } from './source-file.ts';

/** What this check needs to know of a row of the server's route table. */
export type RouteRow = { method: string; path: string; guard?: unknown };

/** Routes that anybody may call. One more is a decision, so it is made here too. */
const PUBLIC = new Set([
  'get /health/live',
  'get /health/ready',
  'get /.well-known/jwks.json',
  'get /.well-known/security.txt',
  'get /.well-known/security-policy.txt',
  'get /api/openapi.json',
  'get /api/setup/:token',
  'post /api/setup',
  'post /api/invitations/read',
  'post /api/invitations/accept',
  'post /api/password/forgotten',
  'post /api/password/read',
  'post /api/password/reset',
  'post /api/session',
  'post /api/session/factor',
  'post /api/session/factor/sms',
  'post /api/session/reset',
  'post /api/session/passkey/challenge',
  'post /api/session/passkey',
  'post /api/session/refresh',
  'delete /api/session',
  'post /api/session/ways',
  'post /api/session/directory',
  'post /api/session/sso',
  'post /api/session/sso/answer',
  'post /api/session/sso/back-channel',
  'post /api/session/saml/answer',
  'get /api/session/saml/:connection/metadata',
  'get /api/session/saml/:connection/sign-out',
  'post /api/mobile/session',
  'post /api/mobile/session/factor',
  'post /api/mobile/session/sms',
  'post /api/mobile/session/refresh',
  'post /api/mobile/session/end',
]);

/** Open to a tenant's members and to the platform's administrators alike: the action decides. */
const DECIDED_BY_ACTION = new Set(['get /api/tenants/:tenantId']);

/** ISO-04: every route names its guard, and only the listed ones are public. */
export function checkRoutes(routes: readonly RouteRow[]): Finding[] {
  if (routes.length === 0) return ['The route table is empty'];
  const seen = new Set<string>();
  return routes.flatMap((route) => {
    const name = `${route.method.toLowerCase()} ${route.path}`;
    const twice = seen.has(name) ? [`${name} stands in the table twice`] : [];
    seen.add(name);
    const kind = kindOf(route.guard);
    if (!kind) return [...twice, `${name} has no guard`];
    if (kind === 'public' && !PUBLIC.has(name))
      return [...twice, `${name} is public, but not listed as such`];
    const namesTenant = route.path.includes('/tenants/:tenantId') && !DECIDED_BY_ACTION.has(name);
    if (namesTenant && kind !== 'tenant' && kind !== 'platform') {
      return [...twice, `${name} names a tenant, but its guard asks only for a session`];
    }
    return twice;
  });
}

function kindOf(guard: unknown): string | undefined {
  if (typeof guard === 'string') return guard || undefined;
  if (typeof guard !== 'object' || guard === null || !('kind' in guard)) return undefined;
  return typeof guard.kind === 'string' && guard.kind ? guard.kind : undefined;
}
