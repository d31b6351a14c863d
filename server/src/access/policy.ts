import type { TenantRole } from '../platform/index.ts';

const MEMBER = ['tenant.read', 'documents.read', 'documents.search', 'conversations.use'] as const;
const ADMIN = [...MEMBER, 'documents.write', 'seal.hold'] as const;

/** What each role may do in its tenant. Reviewers see what members see; approvals come with them. */
const TENANT_PERMISSIONS: Readonly<Record<TenantRole, readonly string[]>> = {
  member: MEMBER,
  reviewer: ['tenant.read', 'documents.read', 'documents.search'],
  admin: ADMIN,
};

/** What a platform administrator may do: the tenants' metadata, never their content. */
const PLATFORM_PERMISSIONS: Readonly<Record<'super_admin', readonly string[]>> = {
  super_admin: [
    'tenants.read',
    'tenants.create',
    'tenants.update',
    'tenants.delete',
    'platform.read',
    'lockouts.end',
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

/** False for no role and for an unknown permission: fail closed. */
export function mayInTenant(role: TenantRole | null, permission: string): boolean {
  return role !== null && TENANT_PERMISSIONS[role].includes(permission);
}

export function mayOnPlatform(role: 'super_admin' | null, permission: string): boolean {
  return role !== null && PLATFORM_PERMISSIONS[role].includes(permission);
}
