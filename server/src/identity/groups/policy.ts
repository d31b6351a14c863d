import { USUAL_LEVEL } from '../../access/index.ts';
import type { TenantRole } from '../../platform/index.ts';

/** From the one that may least in its tenant to the one that may most. */
const ORDER: readonly TenantRole[] = ['member', 'reviewer', 'admin'];

/** What somebody has in a tenant, of one side or of all together; a level of null is the usual one. */
export type Access = {
  readonly role: TenantRole;
  readonly level: number | null;
  readonly customRoles: readonly string[];
};

/** What a group gives to each of its members: null, and an empty list, where nothing. */
export type Given = Omit<Access, 'role'> & { readonly role: TenantRole | null };

/** Where the server did not write what somebody has of their own. */
export const LEAST: Access = { role: 'member', level: 0, customRoles: [] };

/** The highest role and level, and all custom roles. Of an administrator the level is none: theirs is the highest. */
export function together(own: Access, given: readonly Given[]): Access {
  const role = highestRole(
    own.role,
    given.flatMap((one) => one.role ?? []),
  );
  const level = Math.max(own.level ?? USUAL_LEVEL, ...given.map((one) => one.level ?? 0));
  const customRoles = new Set([own, ...given].flatMap((one) => one.customRoles));
  const usual = own.level === null && level === USUAL_LEVEL;
  return {
    role,
    level: role === 'admin' || usual ? null : level,
    customRoles: [...customRoles].toSorted(),
  };
}

/** The highest of the roles that somebody has from several sides. */
export function highestRole(own: TenantRole, given: readonly TenantRole[]): TenantRole {
  return given.reduce((best, role) => (ranks(role) > ranks(best) ? role : best), own);
}

export function ranks(role: TenantRole): number {
  return ORDER.indexOf(role);
}

export function sameAccess(one: Access, other: Access): boolean {
  return JSON.stringify(facts(one)) === JSON.stringify(facts(other));
}

function facts({ role, level, customRoles }: Access): unknown[] {
  return [role, level, customRoles.toSorted()];
}
