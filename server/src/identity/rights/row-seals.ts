import { createHash, timingSafeEqual } from 'node:crypto';
import type { TenantRole, TokenPepper } from '../../platform/index.ts';
import type { KeyFacts } from '../api-keys/repo.ts';

/** What of an account says who signs in as whom, and as what. */
export type AccountFacts = {
  readonly id: string;
  readonly auditId: string;
  readonly email: string;
  readonly platformRole: 'super_admin' | null;
  /** SHA-256 of the stored hash of the password. */
  readonly passwordDigest: Buffer;
  /** Which second factors count, as the database's control.factor_facts says it; null for none. */
  readonly factors: string | null;
};

export type MembershipFacts = {
  readonly accountId: string;
  readonly tenantId: string;
  readonly role: TenantRole;
  /** Null, as where it is not said: the usual one of the role. */
  readonly level?: number | null;
  /** Ids of custom roles beside the role. */
  readonly customRoles?: readonly string[];
};

export type CustomRoleFacts = {
  readonly id: string;
  readonly tenantId: string;
  readonly name: string;
  readonly permissions: readonly string[];
};

export type FeatureLevelFacts = {
  readonly tenantId: string;
  readonly minimum: Readonly<Record<string, number>>;
};

/**
 * Stands beside a row and says that the server wrote it: HMAC-SHA256 over what it binds, which who
 * holds the database alone can't make (decision 39). Lists of JSON, so that no two facts run together.
 */
export function sealOfAccount(
  pepper: TokenPepper,
  account: AccountFacts,
  state: SealedState = 'active',
): Buffer {
  const { id, auditId, email, platformRole, passwordDigest, factors } = account;
  const facts = [id, auditId, email, platformRole, passwordDigest.toString('hex')];
  // Without factors it is the seal of the versions that knew none.
  if (factors !== null) facts.push(factors);
  return pepper.mac(PURPOSE[state], JSON.stringify(facts));
}

/** Of an account that signs nobody in: its seal is none of one that does, whatever its row says. */
export type SealedState = 'active' | 'invited' | 'deactivated';

const PURPOSE = {
  active: 'account',
  invited: 'invited-account',
  deactivated: 'deactivated-account',
} as const;

export function sealOfMembership(pepper: TokenPepper, membership: MembershipFacts): Buffer {
  const { accountId, tenantId, role, level = null, customRoles = [] } = membership;
  const facts: unknown[] = [accountId, tenantId, role];
  // With neither it is the seal of the versions that knew none.
  if (level !== null || customRoles.length > 0) facts.push(level, customRoles.toSorted());
  return pepper.mac('membership', JSON.stringify(facts));
}

export function sealOfCustomRole(pepper: TokenPepper, role: CustomRoleFacts): Buffer {
  const { id, tenantId, name, permissions } = role;
  return pepper.mac('custom-role', JSON.stringify([id, tenantId, name, permissions.toSorted()]));
}

export function sealOfFeatureLevels(pepper: TokenPepper, levels: FeatureLevelFacts): Buffer {
  const { tenantId, minimum } = levels;
  const sorted = Object.entries(minimum).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return pepper.mac('feature-levels', JSON.stringify([tenantId, sorted]));
}

export type SignInFacts = {
  readonly tenantId: string;
  readonly ssoOnly: boolean;
  readonly breakGlass: string | null;
};

export function sealOfSignInRules(pepper: TokenPepper, rules: SignInFacts): Buffer {
  const { tenantId, ssoOnly, breakGlass } = rules;
  return pepper.mac('sign-in-rules', JSON.stringify([tenantId, ssoOnly, breakGlass]));
}

/** Of a tenant: whether everybody needs a second factor. */
export type FactorRule = { readonly tenantId: string; readonly everyone: boolean };

export function sealOfFactorRule(pepper: TokenPepper, { tenantId, everyone }: FactorRule): Buffer {
  return pepper.mac('factor-rule', JSON.stringify([tenantId, everyone]));
}

export type ConsentFacts = {
  readonly connectionId: string;
  readonly tenantId: string;
  readonly terms: Buffer;
};

/** Of a tenant that lets a connection of the platform in. */
export function sealOfConsent(pepper: TokenPepper, consent: ConsentFacts): Buffer {
  const { connectionId, tenantId, terms } = consent;
  const facts = [connectionId, tenantId, terms.toString('hex')];
  return pepper.mac('connection-consent', JSON.stringify(facts));
}

/** Binds the key's hash too: the row of one key can't be put under the hash of another. */
export function sealOfApiKey(pepper: TokenPepper, key: KeyFacts): Buffer {
  const { id, tenantId, accountId, hash, scopes, addresses, expiresAt } = key;
  const facts = [
    id,
    tenantId,
    accountId,
    hash.toString('hex'),
    scopes,
    addresses,
    expiresAt.getTime(),
  ];
  return pepper.mac('api-key-row', JSON.stringify(facts));
}

/** Stands beside the time at which a session showed a factor. */
export function sealOfShown(pepper: TokenPepper, shown: ShownFactor): Buffer {
  const { sessionId, accountId, at } = shown;
  return pepper.mac('session-factor', JSON.stringify([sessionId, accountId, at.getTime()]));
}

export type ShownFactor = { sessionId: string; accountId: string; at: Date };

export function digestOf(passwordHash: string): Buffer {
  return createHash('sha256').update(passwordHash).digest();
}

export function sameSeal(stored: Buffer | null, wanted: Buffer): boolean {
  return stored?.length === wanted.length && timingSafeEqual(stored, wanted);
}
