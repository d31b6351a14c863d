import { createHmac } from 'node:crypto';
import type { FieldEncryptor, TenantTexts } from '../../platform/index.ts';
import type { Fingerprints } from './fingerprints.ts';
import type { Tier } from './tiers.ts';

type Wanted = {
  tier: Tier;
  tenantId: string;
  fingerprints: Fingerprints;
  openFields: () => Promise<FieldEncryptor>;
};

/** Every text passes as it is. */
export const standardTexts: TenantTexts = {
  tier: 'standard',
  encrypt: (_place, plaintext) => plaintext,
  decrypt: (_place, stored) => stored,
  fingerprint: (sha256) => sha256,
};

/**
 * The texts of a tenant as its tier stores them. It goes by the tier and never by what a stored text
 * looks like: a plain text in the sealed tier does not open.
 */
export async function tenantTexts(wanted: Wanted): Promise<TenantTexts> {
  if (wanted.tier === 'standard') return standardTexts;
  const [fields, key] = await Promise.all([
    wanted.openFields(),
    wanted.fingerprints.keyOf(wanted.tenantId),
  ]);
  return {
    tier: 'sealed',
    encrypt: fields.encrypt,
    decrypt: fields.decrypt,
    fingerprint: (sha256) => createHmac('sha256', key).update(sha256).digest(),
  };
}
