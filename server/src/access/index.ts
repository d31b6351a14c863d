/**
 * Room `access` (floor 2): who may do what.
 * Owns the permissions of each role, the levels that features need, the one function that decides a guard, and the audit of the
 * guards of all routes and definer functions.
 * Promises: what is unknown is denied, and a foreign tenant looks like none at all.
 */
export { accessChecks } from './access-checks.ts';
export { auditGuards, type GuardAudit } from './audit/audit-guards.ts';
export { checkFreshFactor } from './check-fresh-factor.ts';
export { checkGuard } from './check-guard.ts';
export {
  FEATURE_NAMES,
  FEATURES,
  HIGHEST_LEVEL,
  levelNeeded,
  levelOf,
  reaches,
  USUAL_LEVEL,
} from './levels.ts';
export {
  ALL_PERMISSIONS,
  allowedTo,
  beyond,
  GRANTABLE,
  holds,
  may,
  mayInTenant,
  mayOnPlatform,
  permissionsOf,
  SCOPES,
  scopesOf,
} from './policy.ts';
export { accessRoutes } from './routes.ts';
