import type { TenantRole } from '../../platform/index.ts';
import { highestRole } from '../groups/policy.ts';

/** A group of the directory, and the role in a tenant that it stands for. */
export type Mapping = { group: string; tenantId: string; role: TenantRole };

/** What a connection lets in, and as what. `tenantId` null: it is of the platform. */
export type ConnectionRules = {
  readonly tenantId: string | null;
  readonly domains: readonly string[];
  readonly mappings: readonly Mapping[];
  readonly defaultRole: TenantRole | null;
  readonly justInTime: boolean;
  /** Tenants that it may let people into: its own, or those whose administrators let it in. */
  readonly letIn: readonly string[];
};

/** What a directory says of somebody. */
export type Asserted = {
  readonly email: string | null;
  /** Whether it says that the address was verified, and may be believed in that. */
  readonly emailVouched: boolean;
  readonly groups: readonly string[];
};

type Grant = { tenantId: string; role: TenantRole };
/** What somebody is in a tenant, and of what it is made: the role of their own and what groups here give. */
type Held = Grant & { readonly own: TenantRole; readonly byGroups: TenantRole | null };

export type KnownAccount = {
  readonly state: 'invited' | 'active' | 'deactivated' | 'erased';
  /** Whether the server itself wrote it. */
  readonly trusted: boolean;
  readonly platformRole: 'super_admin' | null;
  readonly memberships: readonly Held[];
  /** Tenants that would have no administrator without it. */
  readonly lastAdminOf: readonly string[];
};

export type Known = {
  /** Of the connection's domains those that its tenant, or the platform, has shown to be its own. */
  readonly ownDomains: readonly string[];
  /** The account that this subject was linked to. */
  readonly linked: KnownAccount | null;
  /** The account that has the address. */
  readonly sameEmail: KnownAccount | null;
};

export type Refusal =
  | 'email_not_vouched'
  | 'domain_not_owned'
  | 'not_invited'
  | 'no_role'
  | 'confirm_first'
  | 'account_ended'
  | 'account_distrusted';

/** Of the role of one's own; groups of the tenant may give a higher one beside it. `role` null: the membership ends. */
export type RoleChange = { tenantId: string; from: TenantRole | null; role: TenantRole | null };

export type Decision = {
  readonly outcome: 'admitted' | 'refused';
  readonly refusal: Refusal | null;
  /** How the account is found; null where none is. */
  readonly account: 'linked' | 'link' | 'activate' | 'create' | null;
  /** Carried out in either case: who is taken out of every group is refused and loses the role. */
  readonly changes: readonly RoleChange[];
  /** Groups that gave a role, and tenants whose last administrator was left in place. */
  readonly matched: readonly string[];
  readonly keptAdminOf: readonly string[];
};

/**
 * Decides whom a directory's word lets in, as whom, and as what. Pure: what it needs to know it is given.
 * A subject that was linked is that account for ever, whatever its address says (ASVS 6.8.1). Else the
 * address decides, where the directory vouches for it and its tenant owns the domain.
 */
export function decideAdmission(rules: ConnectionRules, person: Asserted, known: Known): Decision {
  const matched = matchedOf(rules, person.groups);
  const told = [...new Set(matched.map(({ group }) => group))].toSorted();
  const refusal = refusalOf(rules, person, known);
  const way = wayOf(rules, known);
  if (refusal !== null) return refuse(refusal, told);
  if (way === 'not_invited' || way === 'confirm_first') return refuse(way, told);
  const account = known.linked ?? known.sameEmail;
  const { changes, kept } = changesOf(rules, matched, account);
  const admitted = isIn(rules, account, changes);
  return {
    outcome: admitted ? 'admitted' : 'refused',
    refusal: admitted ? null : 'no_role',
    account: way,
    changes: admitted || way === 'linked' ? changes : [],
    matched: told,
    keptAdminOf: kept,
  };
}

function refuse(refusal: Refusal, matched: readonly string[]): Decision {
  return { outcome: 'refused', refusal, account: null, changes: [], matched, keptAdminOf: [] };
}

/** What speaks against anybody, before it is asked what they would get. */
function refusalOf(rules: ConnectionRules, person: Asserted, known: Known): Refusal | null {
  if (known.linked === null) {
    const { email, emailVouched } = person;
    if (email === null || !emailVouched) return 'email_not_vouched';
    if (!ownsDomain(rules, known, email)) return 'domain_not_owned';
  }
  const account = known.linked ?? known.sameEmail;
  if (!account) return null;
  // Only who has not come yet may be invited: a link to such an account is none.
  const usable = account.state === 'active' || (account.state === 'invited' && !known.linked);
  if (!usable) return 'account_ended';
  return account.trusted ? null : 'account_distrusted';
}

function isIn(
  rules: ConnectionRules,
  account: KnownAccount | null,
  changes: readonly RoleChange[],
): boolean {
  const held = heldAfter(account?.memberships ?? [], changes);
  if (held.some((tenantId) => opens(rules, tenantId))) return true;
  return rules.tenantId === null && account !== null && account.platformRole !== null;
}

/** A tenant's connection opens that tenant; one of the platform those that let it in. */
function opens(rules: ConnectionRules, tenantId: string): boolean {
  if (rules.tenantId !== null && tenantId !== rules.tenantId) return false;
  return rules.letIn.includes(tenantId);
}

/** The lower-case domain of an address; an empty text where there is none. */
export function domainOf(email: string): string {
  const parts = email.split('@');
  return parts.length === 2 ? (parts[1] ?? '').toLowerCase() : '';
}

function ownsDomain(rules: ConnectionRules, known: Known, email: string): boolean {
  const domain = domainOf(email);
  return domain !== '' && rules.domains.includes(domain) && known.ownDomains.includes(domain);
}

function wayOf(
  rules: ConnectionRules,
  { linked, sameEmail }: Known,
): 'linked' | 'link' | 'activate' | 'create' | 'not_invited' | 'confirm_first' {
  if (linked) return 'linked';
  if (!sameEmail) return rules.justInTime ? 'create' : 'not_invited';
  if (sameEmail.state === 'invited') return rules.justInTime ? 'activate' : 'not_invited';
  return mayLinkSilently(rules, sameEmail) ? 'link' : 'confirm_first';
}

/** Only who could do no more by it than a member of where it leads; all others say yes themselves, signed in. */
function mayLinkSilently(rules: ConnectionRules, account: KnownAccount): boolean {
  if (account.platformRole !== null) return false;
  return account.memberships.every(
    ({ tenantId, role }) => role === 'member' && opens(rules, tenantId),
  );
}

/** Roles are given where the connection leads, whatever its mappings say. */
function matchedOf(rules: ConnectionRules, groups: readonly string[]): Mapping[] {
  const has = new Set(groups);
  return rules.mappings.filter(({ group, tenantId }) => has.has(group) && opens(rules, tenantId));
}

function changesOf(
  rules: ConnectionRules,
  matched: readonly Mapping[],
  account: KnownAccount | null,
): { changes: RoleChange[]; kept: string[] } {
  const changes: RoleChange[] = [];
  const kept: string[] = [];
  for (const tenantId of tenantsOf(rules)) {
    const held = account?.memberships.find((one) => one.tenantId === tenantId);
    const from = held?.own ?? null;
    const role = roleIn(rules, matched, { tenantId, from });
    if (role === from) continue;
    // Whoever is in no more, or never was, comes in by just-in-time alone.
    if (from === null && !rules.justInTime) continue;
    const left = role === null ? null : highestRole(role, held?.byGroups ? [held.byGroups] : []);
    const isLost = held?.role === 'admin' && left !== 'admin';
    if (isLost && account?.lastAdminOf.includes(tenantId)) kept.push(tenantId);
    else changes.push({ tenantId, from, role });
  }
  return { changes, kept };
}

function tenantsOf(rules: ConnectionRules): string[] {
  const named =
    rules.tenantId === null ? rules.mappings.map((one) => one.tenantId) : [rules.tenantId];
  return [...new Set(named)].filter((tenantId) => opens(rules, tenantId)).toSorted();
}

/** The highest that a group gives. Without mappings the directory says nothing of roles of before. */
function roleIn(
  rules: ConnectionRules,
  matched: readonly Mapping[],
  { tenantId, from }: { tenantId: string; from: TenantRole | null },
): TenantRole | null {
  const roles = matched.filter((one) => one.tenantId === tenantId).map(({ role }) => role);
  const [first, ...others] = roles;
  if (first) return highestRole(first, others);
  return rules.mappings.length === 0 ? (from ?? rules.defaultRole) : rules.defaultRole;
}

/** The tenants of the account. */
function heldAfter(memberships: readonly Grant[], changes: readonly RoleChange[]): string[] {
  const after = new Set(memberships.map(({ tenantId }) => tenantId));
  for (const { tenantId, role } of changes)
    if (role === null) after.delete(tenantId);
    else after.add(tenantId);
  return [...after];
}
