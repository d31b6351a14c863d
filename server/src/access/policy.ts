import type { StandingRole, TenantRole, TenantStanding } from '../platform/index.ts';
import { FEATURE_NAMES, featureOf, reaches } from './levels.ts';

const READER = ['tenant.read', 'documents.read', 'documents.search'] as const;
/** To list and end API keys of one's own: whoever has one, though they may make none any more. */
const OWN_KEYS = 'api-keys.revoke';
const MEMBER = [...READER, 'conversations.use', 'api-keys.use', OWN_KEYS] as const;
const ADMIN = [
  ...MEMBER,
  'documents.write',
  'seal.hold',
  'api-keys.manage',
  'team.manage',
  'sign-in.manage',
  'access.manage',
  'visits.decide',
  'directory.provision',
] as const;

/** What each role may do in its tenant. Reviewers see what members see; approvals come with them. */
const TENANT_PERMISSIONS: Readonly<Record<StandingRole, readonly string[]>> = {
  // Of the platform, for a short time: looks, and changes nothing.
  visitor: READER,
  member: MEMBER,
  reviewer: [...READER, OWN_KEYS],
  admin: ADMIN,
};

/** What a platform administrator may do: the tenants' metadata, never their content. */
const PLATFORM_PERMISSIONS: Readonly<Record<'super_admin', readonly string[]>> = {
  super_admin: [
    'tenants.read',
    'tenants.create',
    'tenants.update',
    'tenants.delete',
    'accounts.read',
    'accounts.manage',
    'platform.read',
    'lockouts.end',
    'factors.reset',
    'sign-in.manage',
    'isolation.test',
    'guards.read',
    'visits.ask',
    'trust.read',
    'trust.verify',
    'secrets.read',
    'secrets.rotate',
  ],
};

export const TENANT_ROLES: readonly TenantRole[] = ['member', 'reviewer', 'admin'];

/** Every permission there is; a guard that names another one fails the build. */
export const ALL_PERMISSIONS: ReadonlySet<string> = new Set([
  ...Object.values(TENANT_PERMISSIONS).flat(),
  ...Object.values(PLATFORM_PERMISSIONS).flat(),
]);

/**
 * What an API key can be given. A permission that is not here stays with people: a key makes no keys,
 * holds no seal and changes no rights, whatever its owner may do.
 */
export const SCOPES = [
  'tenant.read',
  'documents.read',
  'documents.search',
  'documents.write',
  'conversations.use',
  'directory.provision',
] as const;

/**
 * What a custom role can be composed of. A permission that is not here stays with the built-in roles:
 * whoever decides about people, keys of others, levels or the seal is an administrator.
 */
export const GRANTABLE = [
  'documents.read',
  'documents.search',
  'documents.write',
  'conversations.use',
  'api-keys.use',
] as const;

/** What a key of somebody with this standing can be given. */
export function scopesOf(standing: TenantStanding): string[] {
  return SCOPES.filter((scope) => may(standing, scope));
}

/** What somebody may by their role or a custom one, levels apart; false for nobody: fail closed. */
export function holds(standing: TenantStanding | null, permission: string): boolean {
  if (standing === null) return false;
  const granted = GRANTABLE.some((one) => one === permission);
  return (
    mayInTenant(standing.role, permission) || (granted && standing.granted.includes(permission))
  );
}

/** The same with the level that the permission's feature needs: what a guard lets through. */
export function may(standing: TenantStanding | null, permission: string): boolean {
  const feature = featureOf(permission);
  if (standing === null || !holds(standing, permission)) return false;
  return feature === undefined || reaches(standing, feature);
}

/** For the dashboard, which hides what would be refused. */
export function allowedTo(standing: TenantStanding): {
  permissions: string[];
  features: string[];
} {
  return {
    permissions: [...ALL_PERMISSIONS].filter((permission) => may(standing, permission)).toSorted(),
    features: FEATURE_NAMES.filter((feature) => reaches(standing, feature)),
  };
}

/** Of these permissions the ones that somebody has not, and so can't give. */
export function beyond(
  standing: TenantStanding | null,
  permissions: readonly string[],
): readonly string[] {
  return permissions.filter((permission) => !holds(standing, permission));
}

export function permissionsOf(role: TenantRole): readonly string[] {
  return TENANT_PERMISSIONS[role];
}

/** False for no role, an unknown role and an unknown permission: fail closed. */
export function mayInTenant(role: StandingRole | null, permission: string): boolean {
  if (role === null || !Object.hasOwn(TENANT_PERMISSIONS, role)) return false;
  return TENANT_PERMISSIONS[role].includes(permission);
}

export function mayOnPlatform(role: 'super_admin' | null, permission: string): boolean {
  return role !== null && PLATFORM_PERMISSIONS[role].includes(permission);
}
