import type { TenantRole } from '../../platform/index.ts';

/** From the one that may least in its tenant to the one that may most. */
const ORDER: readonly TenantRole[] = ['member', 'reviewer', 'admin'];

/** The highest of the roles that somebody has from several sides. */
export function highestRole(own: TenantRole, given: readonly TenantRole[]): TenantRole {
  return given.reduce((best, role) => (ranks(role) > ranks(best) ? role : best), own);
}

export function ranks(role: TenantRole): number {
  return ORDER.indexOf(role);
}
