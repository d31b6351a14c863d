/**
 * Room `access` (floor 2): who may do what.
 * Owns the permissions of each role and the one function that decides a guard.
 * Promises: what is unknown is denied, and a foreign tenant looks like none at all.
 */
export { checkGuard } from './check-guard.ts';
export { ALL_PERMISSIONS, mayInTenant, mayOnPlatform } from './policy.ts';
