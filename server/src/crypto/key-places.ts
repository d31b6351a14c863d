import type { KeyPlace } from '../platform/index.ts';

/** The owner of account secrets, where a tenant's id stands otherwise. */
export const PLATFORM = 'platform';

export const platformKeyPlace: KeyPlace = { key: 'platform', context: 'casemate|platform' };

/** The name of a tenant's wrapping key in the transit engine. */
export function transitKeyName(tenantId: string): string {
  return `tenant-${tenantId.replaceAll('-', '')}`;
}

/** The tenant of a wrapping key; undefined for the platform's own keys. */
export function tenantOfKey(key: string): string | undefined {
  const match = /^tenant-([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/.exec(
    key,
  );
  return match?.slice(1).join('-');
}

export function tenantKeyPlace(tenantId: string): KeyPlace {
  return { key: transitKeyName(tenantId), context: `casemate|${tenantId}` };
}

/** The derivation context of a tenant's wrapping key, base64 as the transit engine wants it. */
export function wrappingContext(tenantId: string): string {
  return Buffer.from(tenantKeyPlace(tenantId).context).toString('base64');
}
