import type { IdentityParts } from '../identity/index.ts';
import type { LiveCheck } from '../platform/index.ts';

/** The live checks of every room, for room `trust`; a room adds its `…<room>Checks` here. */
export function liveChecks(_identity: IdentityParts): readonly LiveCheck[] {
  return [];
}
