/** What a route demands before its handler runs. A route without one does not compile. */
export type Guard =
  | { readonly kind: 'public' }
  | { readonly kind: 'authenticated' }
  /** The pathname's :tenantId must be a tenant of which the actor is a member with this permission. */
  | { readonly kind: 'tenant'; readonly permission: string }
  /** A permission on the platform, whatever the tenant. */
  | { readonly kind: 'platform'; readonly permission: string }
  /** Only from a loopback address. */
  | { readonly kind: 'loopback' };

export const openToAll: Guard = { kind: 'public' };
export const authenticated: Guard = { kind: 'authenticated' };
export const loopbackOnly: Guard = { kind: 'loopback' };

export function tenantPermission(permission: string): Guard {
  return { kind: 'tenant', permission };
}

export function platformPermission(permission: string): Guard {
  return { kind: 'platform', permission };
}
