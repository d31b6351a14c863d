import { recordOnPlatform } from '../../audit/index.ts';
import {
  newId,
  systemActor,
  type Database,
  type Log,
  type StandingRole,
  type TokenPepper,
} from '../../platform/index.ts';
import { hasMoreThanPhone } from '../factors/trusted-factors.ts';
import type { KeyFacts } from '../api-keys/repo.ts';
import { soundVisit, type OpenVisit } from '../visits/visit-seals.ts';
import {
  digestOf,
  sameSeal,
  sealOfAccount,
  sealOfApiKey,
  sealOfConsent,
  sealOfCustomRole,
  sealOfFactorRule,
  sealOfFeatureLevels,
  sealOfMembership,
  sealOfShown,
  sealOfSignInRules,
  type AccountFacts,
  type ConsentFacts,
  type CustomRoleFacts,
  type FactorRule,
  type FeatureLevelFacts,
  type MembershipFacts,
  type ShownFactor,
  type SignInFacts,
  type SealedState,
} from './row-seals.ts';

/** Tells rows that the server wrote from rows that somebody else put into the database. */
export type Rights = {
  /** False for a row that counts as none; the audit log is told, at most once an hour for each. */
  trustsAccount(row: AccountFacts & { seal: Buffer | null }, state?: SealedState): boolean;
  trustsMembership(row: MembershipFacts & { auditId: string; seal: Buffer | null }): boolean;
  trustsCustomRole(row: CustomRoleFacts & { seal: Buffer | null }): boolean;
  trustsVisit(visit: OpenVisit): boolean;
  trustsFeatureLevels(row: FeatureLevelFacts & { seal: Buffer | null }): boolean;
  trustsFactorRule(row: FactorRule & { seal: Buffer | null }): boolean;
  trustsApiKey(row: KeyFacts & { auditId: string; seal: Buffer | null }): boolean;
  trustsConsent(row: ConsentFacts & { seal: Buffer }): boolean;
  /** A null seal: the row is of before and lies where the server can't write. */
  trustsSignInRules(row: SignInFacts & { seal: string | null }): boolean;
  sealAccount(
    account: Omit<AccountFacts, 'passwordDigest'> & { passwordHash: string },
    state?: SealedState,
  ): Buffer;
  sealMembership(membership: MembershipFacts): Buffer;
  sealCustomRole(role: CustomRoleFacts): Buffer;
  sealFeatureLevels(levels: FeatureLevelFacts): Buffer;
  sealFactorRule(rule: FactorRule): Buffer;
  sealApiKey(key: KeyFacts): Buffer;
  sealSignInRules(rules: SignInFacts): Buffer;
  /** Whether the server itself wrote that this session showed a factor then. */
  trustsShown(shown: ShownFactor, seal: Buffer | null): boolean;
  sealShown(shown: ShownFactor): Buffer;
  /** Whether these factors are enough for whoever must have one. */
  suffices(factors: string | null): boolean;
  /** Whether somebody must have a second factor, by a role or by a tenant that demands one of everybody. */
  demandsFactor(of: {
    platformRole: 'super_admin' | null;
    standings: readonly { readonly role: StandingRole; readonly needsFactor: boolean }[];
  }): boolean;
};

type Options = {
  pepper: TokenPepper;
  db: Pick<Database, 'inControl'>;
  log: Log;
  /** Whose second factor is demanded; `roles` are those that decide for others. */
  factorOf?: 'roles' | 'everyone';
  /** Whether a phone is enough for them. */
  phone?: 'beside' | 'alone';
  now?: () => number;
};

const TOLD_MS = 3_600_000;
const MOST_TOLD = 1_000;

type Broken = {
  what:
    | ('account' | 'membership' | 'api_key' | 'custom_role' | 'visit')
    | ('feature_levels' | 'factor_rule' | 'sign_in_rules');
  /** A person's pseudonym, or the id of a role or a tenant. */
  auditId: string;
  tenantId?: string;
  role?: string;
};

export function createRights(options: Options): Rights {
  const { pepper, factorOf = 'roles', phone = 'beside' } = options;
  const tell = createTelling(options);
  const judged = (holds: boolean, broken: Broken): boolean => {
    if (!holds) tell(broken);
    return holds;
  };
  return {
    trustsAccount: ({ seal, ...account }, state) => {
      const holds = sameSeal(seal, sealOfAccount(pepper, account, state));
      if (!holds) tell({ what: 'account', auditId: account.auditId });
      return holds;
    },
    trustsMembership: ({ seal, auditId, ...membership }) => {
      const holds = sameSeal(seal, sealOfMembership(pepper, membership));
      const { tenantId, role } = membership;
      if (!holds) tell({ what: 'membership', auditId, tenantId, role });
      return holds;
    },
    trustsCustomRole: ({ seal, ...role }) => {
      const holds = sameSeal(seal, sealOfCustomRole(pepper, role));
      return judged(holds, { what: 'custom_role', auditId: role.id, tenantId: role.tenantId });
    },
    trustsFeatureLevels: ({ seal, ...levels }) => {
      const { tenantId } = levels;
      const holds = sameSeal(seal, sealOfFeatureLevels(pepper, levels));
      return judged(holds, { what: 'feature_levels', auditId: tenantId, tenantId });
    },
    trustsFactorRule: ({ seal, ...rule }) => {
      const { tenantId } = rule;
      const holds = sameSeal(seal, sealOfFactorRule(pepper, rule));
      return judged(holds, { what: 'factor_rule', auditId: tenantId, tenantId });
    },
    trustsVisit: ({ seal, ...visit }) => {
      const stored = seal === null ? null : Buffer.from(seal, 'hex');
      const holds = soundVisit(pepper, { ...visit, seal: stored });
      return judged(holds, { what: 'visit', auditId: visit.id, tenantId: visit.tenantId });
    },
    trustsApiKey: ({ seal, auditId, ...key }) => {
      const holds = sameSeal(seal, sealOfApiKey(pepper, key));
      return judged(holds, { what: 'api_key', auditId, tenantId: key.tenantId });
    },
    trustsConsent: ({ seal, ...consent }) => sameSeal(seal, sealOfConsent(pepper, consent)),
    trustsSignInRules: ({ seal, ...rules }) => {
      if (seal === null) return true;
      const holds = sameSeal(Buffer.from(seal, 'hex'), sealOfSignInRules(pepper, rules));
      const { tenantId } = rules;
      return judged(holds, { what: 'sign_in_rules', auditId: tenantId, tenantId });
    },
    sealAccount: ({ passwordHash, ...account }, state) =>
      sealOfAccount(pepper, { ...account, passwordDigest: digestOf(passwordHash) }, state),
    sealMembership: (membership) => sealOfMembership(pepper, membership),
    sealCustomRole: (role) => sealOfCustomRole(pepper, role),
    sealFeatureLevels: (levels) => sealOfFeatureLevels(pepper, levels),
    sealFactorRule: (rule) => sealOfFactorRule(pepper, rule),
    sealApiKey: (key) => sealOfApiKey(pepper, key),
    sealSignInRules: (rules) => sealOfSignInRules(pepper, rules),
    trustsShown: (shown, seal) => sameSeal(seal, sealOfShown(pepper, shown)),
    sealShown: (shown) => sealOfShown(pepper, shown),
    // What is no member's role decides for others, whatever it is called.
    suffices: (factors) => factors !== null && (phone === 'alone' || hasMoreThanPhone(factors)),
    demandsFactor: ({ platformRole, standings }) =>
      factorOf === 'everyone' ||
      platformRole !== null ||
      standings.some(({ role, needsFactor }) => role !== 'member' || needsFactor),
  };
}

/** Tells the log and the audit log of a broken row, at most once an hour. */
function createTelling({ db, log, now = Date.now }: Options): (broken: Broken) => void {
  const told = new Map<string, number>();
  return (broken) => {
    const key = `${broken.what} ${broken.auditId} ${broken.tenantId ?? ''}`;
    if (now() - (told.get(key) ?? -Infinity) < TOLD_MS) return;
    if (told.size >= MOST_TOLD) told.clear();
    told.set(key, now());
    log.error('a row that this server did not write was refused; see docs/rights.md', broken);
    db.inControl((tx) => recordOnPlatform(tx, source(), eventOf(broken))).catch(
      (error: unknown) => {
        told.delete(key);
        log.warn('a refused row could not be written into the audit log', { error });
      },
    );
  };
}

function eventOf({
  what,
  auditId,
  tenantId,
  role,
}: Broken): Parameters<typeof recordOnPlatform>[2] {
  return {
    action: `${what}.distrust`,
    outcome: 'refused',
    resourceType: isOfPerson(what) ? 'account' : what,
    resourceId: auditId,
    ...(tenantId === undefined ? {} : { tenantId }),
    ...(role === undefined ? {} : { after: { role } }),
  };
}

function isOfPerson(what: Broken['what']): boolean {
  return what === 'account' || what === 'membership' || what === 'api_key';
}

function source(): Parameters<typeof recordOnPlatform>[1] {
  return { requestId: newId(), actor: systemActor, ip: null, userAgent: null };
}
