import type { RequestContext, TokenPepper } from '../../platform/index.ts';
import { sameSeal } from '../rights/row-seals.ts';
import type { ConnectionRow, DomainRow } from './repo.ts';

type With = Pick<RequestContext, 'platform'>;

/** What of a connection says whose word it takes for whom; its name and its times do not. */
type ConnectionFacts = Omit<
  ConnectionRow,
  'name' | 'createdAt' | 'updatedAt' | 'seal' | 'hasSecret'
>;

export function sealConnection({ platform }: With, connection: ConnectionFacts): Buffer {
  const { id, tenantId, kind, state, settings, domains, mappings, defaultRole, justInTime } =
    connection;
  const facts = [id, tenantId, kind, state, settings, domains, mappings, defaultRole, justInTime];
  return platform.pepper.mac('connection', inOneOrder(facts));
}

/** The connection, unless somebody else wrote its row. */
export function soundConnection(
  ctx: With,
  row: ConnectionRow | undefined,
): ConnectionRow | undefined {
  return row && sameSeal(row.seal, sealConnection(ctx, row)) ? row : undefined;
}

export type DomainFacts = Pick<DomainRow, 'id' | 'tenantId' | 'domain'>;

export function sealDomain({ platform }: With, { id, tenantId, domain }: DomainFacts): Buffer {
  return platform.pepper.mac('email-domain', JSON.stringify([id, tenantId, domain]));
}

/** What the DNS of a domain must say for this claim; 43 characters. */
export function challengeOf({ platform }: With, { id, tenantId, domain }: DomainFacts): string {
  const facts = JSON.stringify([id, tenantId, domain]);
  return platform.pepper.mac('email-domain-challenge', facts).toString('base64url');
}

/** Whether the server itself wrote that the domain is theirs. */
export function isProven(ctx: With, row: DomainRow): boolean {
  return row.provenAt !== null && sameSeal(row.seal, sealDomain(ctx, row));
}

/**
 * Under which the database knows a subject of a connection. A subject is one at its issuer alone (OpenID
 * Connect Core 1.0, 5.7; at a SAML provider by its entityID, and by what names people there): where the
 * connection is pointed at another, nobody is linked any more.
 */
export function hashSubject(
  { platform }: With,
  { id, settings }: Pick<ConnectionRow, 'id' | 'settings'>,
  subject: string,
): Buffer {
  const facts = [id, authorityOf(settings), subject];
  return platform.pepper.mac('external-subject', JSON.stringify(facts));
}

/** Who says the subject: an issuer, the part of a directory that is asked, or whoever names people by what. */
function authorityOf(settings: Record<string, unknown>): unknown {
  const { issuer, host, base, entity, subjectAttribute = null } = settings;
  if (entity !== undefined) return ['saml', entity, subjectAttribute];
  return issuer ?? (host === undefined ? null : ['ldap', host, base]);
}

export type IdentityFacts = { connectionId: string; subject: Buffer; accountId: string };

export function sealIdentity(pepper: TokenPepper, facts: IdentityFacts): Buffer {
  const { connectionId, subject, accountId } = facts;
  return pepper.mac(
    'external-identity',
    JSON.stringify([connectionId, subject.toString('hex'), accountId]),
  );
}

/** Whether the server itself linked them. */
export function isSoundIdentity(
  pepper: TokenPepper,
  row: IdentityFacts & { seal: Buffer },
): boolean {
  return sameSeal(row.seal, sealIdentity(pepper, row));
}

/** JSON in which keys stand in one order: the database keeps them in its own. */
export function inOneOrder(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
