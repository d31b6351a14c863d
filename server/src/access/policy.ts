import type { TenantRole } from '../platform/index.ts';

const READER = ['tenant.read', 'documents.read', 'documents.search'] as const;
const MEMBER = [...READER, 'conversations.use', 'api-keys.use'] as const;
const ADMIN = [
  ...MEMBER,
  'documents.write',
  'seal.hold',
  'api-keys.manage',
  'team.manage',
  'sign-in.manage',
] as const;

/** What each role may do in its tenant. Reviewers see what members see; approvals come with them. */
const TENANT_PERMISSIONS: Readonly<Record<TenantRole, readonly string[]>> = {
  member: MEMBER,
  reviewer: READER,
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
] as const;

/** What a key of somebody with this role can be given. */
export function scopesOf(role: TenantRole): string[] {
  return SCOPES.filter((scope) => mayInTenant(role, scope));
}

/** False for no role and for an unknown permission: fail closed. */
export function mayInTenant(role: TenantRole | null, permission: string): boolean {
  return role !== null && TENANT_PERMISSIONS[role].includes(permission);
}

export function mayOnPlatform(role: 'super_admin' | null, permission: string): boolean {
  return role !== null && PLATFORM_PERMISSIONS[role].includes(permission);
}
