/** What a tenant can ask a level for; room `access` says what they are. */
export type FeatureName = 'documents' | 'upload' | 'search' | 'chat' | 'api-keys';

/** What a route demands before its handler runs. A route without one does not compile. */
export type Guard =
  | { readonly kind: 'public' }
  /** `beforeFactor`: also while a second factor is due, since there it is made, or shown. */
  | { readonly kind: 'authenticated'; readonly beforeFactor?: true }
  /**
   * The pathname's :tenantId must be a tenant of which the actor is a member with this permission, and it
   * must be open; `evenClosed` for what opens it. With a `feature` their access level must also reach
   * what the feature needs in this tenant.
   */
  | {
      readonly kind: 'tenant';
      readonly permission: string;
      readonly feature?: FeatureName;
      readonly evenClosed?: true;
    }
  /** A permission on the platform, whatever the tenant. */
  | { readonly kind: 'platform'; readonly permission: string }
  /** A program that shows a secret of its own, which lies in a file. */
  | { readonly kind: 'secret'; readonly secret: 'metrics' };

export const openToAll: Guard = { kind: 'public' };
export const authenticated: Guard = { kind: 'authenticated' };
export const beforeFactor: Guard = { kind: 'authenticated', beforeFactor: true };
export const metricsSecret: Guard = { kind: 'secret', secret: 'metrics' };

export function tenantPermission(permission: string, feature?: FeatureName): Guard {
  return feature ? { kind: 'tenant', permission, feature } : { kind: 'tenant', permission };
}

/** For a tenant's seal: of a tenant that is closed as well. */
export function evenClosed(permission: string): Guard {
  return { kind: 'tenant', permission, evenClosed: true };
}

export function platformPermission(permission: string): Guard {
  return { kind: 'platform', permission };
}
