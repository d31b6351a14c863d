import type { FeatureName, TenantRole, TenantStanding } from '../platform/index.ts';

/**
 * Access levels as the power levels of Matrix (Client-Server API, `m.room.power_levels`): whole numbers
 * from 0 to 100, of which a higher one includes all below; people have one, features need one, and
 * nobody gives more than they have.
 */
export const HIGHEST_LEVEL = 100;
/** Of members and reviewers for whom nobody said another. */
export const USUAL_LEVEL = 50;

type Feature = {
  readonly title: string;
  /** The permissions of which it is made: a route that asks for one of them names the feature. */
  readonly permissions: readonly string[];
  /** The level that it needs where the tenant says nothing. */
  readonly usual: number;
};

export const FEATURES: Readonly<Record<FeatureName, Feature>> = {
  documents: { title: 'Reading documents', permissions: ['documents.read'], usual: 0 },
  upload: { title: 'Adding and removing documents', permissions: ['documents.write'], usual: 0 },
  search: { title: 'Searching', permissions: ['documents.search'], usual: 0 },
  chat: { title: 'Asking questions', permissions: ['conversations.use'], usual: 0 },
  'api-keys': { title: 'API keys of one’s own', permissions: ['api-keys.use'], usual: 0 },
};

export const FEATURE_NAMES = Object.keys(FEATURES) as readonly FeatureName[];

/** Administrators set the levels, so theirs is always the highest. */
export function levelOf(role: TenantRole, given: number | null): number {
  return role === 'admin' ? HIGHEST_LEVEL : (given ?? USUAL_LEVEL);
}

export function featureOf(permission: string): FeatureName | undefined {
  return FEATURE_NAMES.find((name) => FEATURES[name].permissions.includes(permission));
}

/** The level that a feature needs; null when nobody can tell, which refuses it. */
export function levelNeeded(
  feature: string,
  { minimum }: Pick<TenantStanding, 'minimum'>,
): number | null {
  if (minimum === null || !Object.hasOwn(FEATURES, feature)) return null;
  const needed = Object.hasOwn(minimum, feature)
    ? minimum[feature]
    : FEATURES[feature as FeatureName].usual;
  return isLevel(needed) ? needed : null;
}

/** RBA-02: false for a feature, a level or a setting that nobody knows: fail closed. */
export function reaches(standing: TenantStanding, feature: string): boolean {
  const needed = levelNeeded(feature, standing);
  return needed !== null && isLevel(standing.level) && standing.level >= needed;
}

function isLevel(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= HIGHEST_LEVEL;
}
