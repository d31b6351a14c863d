import { may } from '../../access/index.ts';
import type { FactorStanding } from '../../platform/index.ts';
import { askedFacts, countingFacts, reachOf } from '../factors/counting-factors.ts';
import type { LiveKeyRow } from '../api-keys/repo.ts';
import { isShutToPasswords } from '../connections/shut-to-passwords.ts';
import type { AccountRow, Membership, MembershipRow, SessionRow, SessionState } from '../repo.ts';
import { trustedStanding, visitorStanding } from '../standing/trusted-standing.ts';
import type { Rights } from './rights.ts';

/** The account, unless somebody else wrote its row. */
export function trustedAccount<T extends AccountRow>(
  rights: Rights,
  row: T | undefined,
): T | undefined {
  return row && rights.trustsAccount(row) ? row : undefined;
}

/** What a session is, without the memberships that somebody else wrote; nothing of such an account. */
export function trustedSession(
  rights: Rights,
  row: SessionRow | undefined,
): SessionState | undefined {
  if (!row || !rights.trustsAccount(row)) return undefined;
  const { id: accountId, auditId, email, name, sessionId, client, startedAt } = row;
  const { connectionId, onlyTenant } = row;
  // What a tenant's own directory says counts in that tenant, and nowhere else.
  const platformRole = onlyTenant === null ? row.platformRole : null;
  const memberships = openedBy(rights, row).flatMap(({ id, standing: found }) => {
    const standing = trustedStanding(rights, { accountId, auditId, tenantId: id }, found);
    return standing ? [{ id, standing }] : [];
  });
  // Whoever belongs to the tenant looks as such, whatever else was approved.
  const visits = (platformRole === null ? [] : row.visits).filter(
    (visit) =>
      !row.memberships.some(({ id }) => id === visit.tenantId) && rights.trustsVisit(visit),
  );
  const visited = visits.map((visit) => ({ id: visit.tenantId, standing: visitorStanding(visit) }));
  const standings = memberships.map(({ standing }) => standing);
  return {
    ...{
      id: accountId,
      auditId,
      email,
      name,
      platformRole,
      sessionId,
      client,
      startedAt,
      apiKey: null,
      memberships: [...memberships, ...visited],
      connectionId,
    },
    factor: standingOf(rights, row, rights.demandsFactor({ platformRole, standings })),
  };
}

/** Of the memberships of a session's account those that it opens, before their own seals are looked at. */
export function openedBy(
  rights: Rights,
  { id, connectionId, onlyTenant, memberships }: SessionRow,
): SessionRow['memberships'] {
  if (onlyTenant !== null) return memberships.filter((one) => one.id === onlyTenant);
  // What the platform's directory says counts in a tenant that let it in.
  if (connectionId !== null)
    return memberships.filter(({ id: tenantId, consent }) => {
      if (consent === null) return false;
      const [terms, seal] = [Buffer.from(consent.terms, 'hex'), Buffer.from(consent.seal, 'hex')];
      return rights.trustsConsent({ connectionId, tenantId, terms, seal });
    });
  return memberships.filter(({ rules }) => !isShutToPasswords(rights, rules, id));
}

/**
 * What an API key is: its account, with its role in the one tenant of the key. Nothing when the key or
 * the account was written by somebody else, when the account is no member any more, or a person who may have no
 * keys any more.
 */
export function trustedKey(rights: Rights, row: LiveKeyRow | undefined): SessionState | undefined {
  if (!row?.standing) return undefined;
  const { id: accountId, auditId, email, name, key } = row;
  const { tenantId, scopes, addresses } = key;
  const trusted = rights.trustsApiKey({ ...key, accountId, auditId }) && rights.trustsAccount(row);
  const standing =
    trusted && trustedStanding(rights, { accountId, auditId, tenantId }, row.standing);
  if (!standing) return undefined;
  // Whoever may have no keys any more has none; a service account's are its administrators'.
  if (row.kind === 'person' && !may(standing, 'api-keys.use')) return undefined;
  return {
    id: accountId,
    auditId,
    email,
    name,
    // A key is of one tenant: its owner's rights on the platform are not among what it opens.
    platformRole: null,
    sessionId: null,
    client: null,
    connectionId: null,
    apiKey: { id: key.id, tenantId, scopes, addresses },
    memberships: [{ id: tenantId, standing }],
    startedAt: key.expiresAt,
    // Whoever made the key had shown a factor; nothing that needs a fresh one is open to a key.
    factor: { due: false, required: false, enrolled: false, shownAt: null },
  };
}

/** Whoever has a factor shows it in each session; whose role demands one makes one first. */
function standingOf(rights: Rights, row: SessionRow, required: boolean): FactorStanding {
  const { id: accountId, sessionId, factorAt, factorSeal } = row;
  const shown =
    factorAt !== null && rights.trustsShown({ sessionId, accountId, at: factorAt }, factorSeal);
  const reach = reachOf(row);
  const counting = countingFacts(row.factors, reach);
  const enrolled = required ? rights.suffices(counting) : counting !== null;
  return {
    // Who has one shows it; who must have more than they have makes it first, whatever was shown.
    due:
      (!shown && (required || askedFacts(row.factors, reach) !== null)) ||
      (required && row.factors !== null && !enrolled),
    required,
    enrolled,
    // What only a directory vouches for is enough to come in beside a password, and never fresh.
    shownAt:
      shown && (counting !== null || askedFacts(row.factors, reach) === null) ? factorAt : null,
  };
}

/** Of what an account belongs to, what this session opens. */
export function membershipsIn(
  { memberships }: Pick<SessionState, 'memberships'>,
  all: readonly Membership[],
): Membership[] {
  return all.filter(({ id }) => memberships.some((opened) => opened.id === id));
}

export function trustedMemberships(
  rights: Rights,
  accountId: string,
  rows: readonly MembershipRow[],
): Membership[] {
  return rows.flatMap(({ auditId, standing: found, ...membership }) => {
    const of = { accountId, auditId, tenantId: membership.id };
    const standing = trustedStanding(rights, of, found);
    return standing ? [{ ...membership, standing }] : [];
  });
}
