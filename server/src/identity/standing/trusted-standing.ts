import { HIGHEST_LEVEL, levelOf } from '../../access/index.ts';
import type { TenantRole, TenantStanding } from '../../platform/index.ts';
import type { Rights } from '../rights/rights.ts';
import type { OpenVisit } from '../visits/visit-seals.ts';
import type { StandingRow } from './standing-row.ts';

type Of = { accountId: string; auditId: string; tenantId: string };

/** Of somebody who belongs to the tenant. */
export type MemberStanding = TenantStanding & {
  readonly role: TenantRole;
  /** Whether the tenant demands a second factor of everybody. */
  readonly needsFactor: boolean;
};

/**
 * What a membership allows, of rows that the server wrote alone: without the membership's seal nothing,
 * without a custom role's that role gives nothing, and without that of the tenant's levels every feature
 * is refused. Without that of its rule of second factors everybody needs one.
 */
export function trustedStanding(
  rights: Rights,
  { accountId, auditId, tenantId }: Of,
  row: StandingRow,
): MemberStanding | null {
  const { role, level, customRoles } = row;
  const membership = { accountId, auditId, tenantId, role, level, customRoles };
  if (!rights.trustsMembership({ ...membership, seal: bytesOf(row.seal) })) return null;
  const { features, factors } = row;
  const levels =
    features === null ||
    rights.trustsFeatureLevels({ tenantId, ...features, seal: bytesOf(features.seal) });
  const given = row.custom.filter((one) =>
    rights.trustsCustomRole({ tenantId, ...one, seal: bytesOf(one.seal) }),
  );
  return {
    role,
    level: levelOf(role, level),
    granted: [...new Set(given.flatMap(({ permissions }) => permissions))],
    minimum: levels ? (features?.minimum ?? {}) : null,
    needsFactor:
      factors !== null &&
      (factors.everyone ||
        !rights.trustsFactorRule({ tenantId, ...factors, seal: bytesOf(factors.seal) })),
  };
}

/** What a visit allows: to look, at everything that the tenant's own people could look at. */
export function visitorStanding({ id, expiresAt }: OpenVisit): TenantStanding {
  const visit = { id, endsAt: new Date(expiresAt ?? 0) };
  return { role: 'visitor', level: HIGHEST_LEVEL, granted: [], minimum: {}, visit };
}

export function bytesOf(seal: string | null): Buffer | null {
  return seal === null ? null : Buffer.from(seal, 'hex');
}
