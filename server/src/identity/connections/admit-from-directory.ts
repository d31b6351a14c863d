import { recordOnPlatform } from '../../audit/index.ts';
import { newId, type ControlTx, type RequestContext } from '../../platform/index.ts';
import { email as addressSchema } from '../account-schema.ts';
import {
  activateAccount,
  cancelJobsOfAccount,
  findStored,
  revokeKeysOfAccount,
  type StoredAccount,
} from '../accounts/repo.ts';
import { listStandings } from '../groups/repo.ts';
import type { Access } from '../groups/policy.ts';
import { settleRoles } from '../groups/settle-roles.ts';
import { endInvitation, findOpenFor } from '../invitations/repo.ts';
import { randomToken } from '../random-token.ts';
import { insertAccount, insertMembership, removeMembership } from '../repo.ts';
import { listLetIn } from './consents.ts';
import { insertIdentity, touchIdentity } from './identities-repo.ts';
import { findKnown, type KnownPerson, type Parts } from './known-person.ts';
import {
  decideAdmission,
  type ConnectionRules,
  type Decision,
  type Refusal,
  type RoleChange,
} from './policy.ts';
import { findConnection, lockConnection, type ConnectionRow } from './repo.ts';
import { hashSubject, sealIdentity, soundConnection } from './seals.ts';

/** What a directory says of the person who has just shown themselves to it. */
export type DirectoryPerson = {
  /** Under which the directory knows them, for ever. */
  subject: string;
  email: string | null;
  emailVouched: boolean;
  name: string | null;
  groups: readonly string[];
};

export type Admission = { decision: Decision; account: StoredAccount | null };
type Wish = { connection: ConnectionRow; person: DirectoryPerson };

/**
 * Decides whom the word of an active connection lets in and carries it out in one transaction: the
 * account, the link, the roles. A refusal is no error here: whoever asked says it. What was decided is
 * in the audit log.
 */
export function admitFromDirectory(
  ctx: RequestContext,
  parts: Parts,
  wish: Wish,
): Promise<Admission> {
  return ctx.inControl((tx) => admitIn(tx, ctx, { ...wish, parts }));
}

/** The same in the caller's transaction. */
export async function admitIn(
  tx: ControlTx,
  ctx: RequestContext,
  { parts, connection: named, person: said }: Wish & { parts: Parts },
): Promise<Admission> {
  const person = withAddress(said);
  await lockConnection(tx, named.id);
  const connection = soundConnection(ctx, await findConnection(tx, named.id));
  if (connection?.state !== 'active') return ended();
  const subject = hashSubject(ctx, connection, person.subject);
  const found = await findKnown(tx, ctx, { parts, connection, subject, email: person.email });
  const decision = found.forged
    ? refused('account_distrusted')
    : decideAdmission(await rulesOf(tx, ctx, connection), person, found.known);
  const account = await accountOf(tx, ctx, { parts, decision, found, person });
  if (!account && decision.outcome === 'admitted')
    return { decision: refused('account_ended'), account: null };
  if (account) {
    if (decision.account !== 'linked') {
      const identity = { connectionId: connection.id, subject, accountId: account.id };
      const seal = sealIdentity(ctx.platform.pepper, identity);
      if (!(await insertIdentity(tx, { ...identity, seal })))
        return { decision: refused('confirm_first'), account: null };
    } else await touchIdentity(tx, { connectionId: connection.id, subject });
    const acting = actingAs(ctx, account);
    for (const change of decision.changes) await changeRole(tx, acting, { parts, account, change });
  }
  await recordDecision(tx, ctx, { connection, decision, account });
  return { decision, account: decision.outcome === 'admitted' ? account : null };
}

/** What it would decide; changes nothing. */
export async function foresee(
  ctx: RequestContext,
  parts: Parts,
  { connection, person: said }: { connection: ConnectionRow; person: DirectoryPerson | Foreseen },
): Promise<Decision> {
  const person = withAddress(said);
  const subject = 'subject' in person ? hashSubject(ctx, connection, person.subject) : null;
  const { found, rules } = await ctx.inControl(async (tx) => ({
    found: await findKnown(tx, ctx, { parts, connection, subject, email: person.email }),
    rules: await rulesOf(tx, ctx, connection),
  }));
  if (found.forged) return refused('account_distrusted');
  return decideAdmission(rules, person, found.known);
}

/** The rules of a connection where it may let people in. */
export async function rulesOf(
  tx: ControlTx,
  ctx: RequestContext,
  connection: ConnectionRow,
): Promise<ConnectionRules> {
  return { ...connection, letIn: await listLetIn(tx, ctx, connection) };
}

/** A person whom the directory has not yet spoken of. */
export type Foreseen = Omit<DirectoryPerson, 'subject' | 'name'>;

/** What is no address that a person could be invited by is none, whoever vouches for it. */
function withAddress<T extends DirectoryPerson | Foreseen>(person: T): T {
  if (addressSchema.safeParse(person.email).success) return person;
  return { ...person, email: null, emailVouched: false };
}

function refused(refusal: Refusal): Decision {
  return {
    outcome: 'refused',
    refusal,
    account: null,
    changes: [],
    matched: [],
    keptAdminOf: [],
  };
}

function ended(): Admission {
  return { decision: refused('account_ended'), account: null };
}

type Found = { parts: Parts; decision: Decision; found: KnownPerson; person: DirectoryPerson };

async function accountOf(
  tx: ControlTx,
  ctx: RequestContext,
  { parts, decision, found, person }: Found,
): Promise<StoredAccount | null> {
  switch (decision.account) {
    case null:
      return null;
    case 'linked':
    case 'link':
      return decision.outcome === 'admitted' || decision.changes.length > 0 ? found.account : null;
    case 'activate':
      return decision.outcome === 'admitted' && found.account
        ? activate(tx, ctx, { parts, account: found.account, person })
        : null;
    case 'create':
      return decision.outcome === 'admitted' ? create(tx, ctx, { parts, person }) : null;
    default:
      return decision.account satisfies never;
  }
}

/** Without a password: it has none to be guessed. */
async function create(
  tx: ControlTx,
  ctx: RequestContext,
  { parts: { rights }, person }: { parts: Parts; person: DirectoryPerson },
): Promise<StoredAccount | null> {
  const passwordHash = `!${randomToken()}`;
  const email = person.email ?? '';
  const made = { id: newId(), auditId: newId(), email, passwordHash, platformRole: null };
  const seal = rights.sealAccount({ ...made, factors: null });
  if (!(await insertAccount(tx, { ...made, name: nameOf(person), seal }))) return null;
  await activateAccount(tx, { ...made, name: nameOf(person), seal, verifiedBy: 'directory' });
  const account = await findStored(tx, { accountId: made.id });
  if (account) await recordMade(tx, ctx, account);
  return account ?? null;
}

/** Of somebody who was invited and has not come: the directory shows whose the address is. */
async function activate(
  tx: ControlTx,
  ctx: RequestContext,
  { parts, account, person }: { parts: Parts; account: StoredAccount; person: DirectoryPerson },
): Promise<StoredAccount | null> {
  const seal = parts.rights.sealAccount(account);
  const { id, passwordHash } = account;
  await activateAccount(tx, {
    ...{ id, passwordHash, seal },
    name: nameOf(person),
    verifiedBy: 'directory',
  });
  const active = await findStored(tx, { accountId: id });
  if (active) await recordMade(tx, ctx, active);
  return active ?? null;
}

async function recordMade(
  tx: ControlTx,
  ctx: RequestContext,
  account: StoredAccount,
): Promise<void> {
  await recordOnPlatform(tx, actingAs(ctx, account), {
    action: 'account.create',
    resourceType: 'account',
    resourceId: account.auditId,
    after: { verifiedBy: 'directory' },
  });
}

type Changing = { parts: Parts; account: StoredAccount; change: RoleChange };

/** Carries out one change of a role that a directory has brought. */
export async function changeRole(
  tx: ControlTx,
  ctx: RequestContext,
  { parts, account, change }: Changing,
): Promise<void> {
  const { tenantId, from, role } = change;
  const accountId = account.id;
  if (role === null) {
    await removeMembership(tx, { accountId, tenantId });
    await revokeKeysOfAccount(tx, { accountId, tenantId });
    await cancelJobsOfAccount(tx, { accountId, tenantId });
  } else {
    const [held] = await listStandings(tx, { tenantId, accountIds: [accountId] });
    if (!held || !parts.rights.trustsMembership(held)) {
      const membership = { accountId, tenantId, role };
      const seal = parts.rights.sealMembership(membership);
      await insertMembership(tx, { ...membership, seal });
    }
    // A level, custom roles and what groups of the tenant give are not the directory's to take.
    const change = (own: Access): Access => ({ ...own, role });
    await settleRoles(tx, ctx, { parts, tenantId, accountIds: [accountId], change });
    const invitation = await findOpenFor(tx, { accountId, tenantId });
    if (invitation) await endInvitation(tx, { id: invitation.id, as: 'accepted' });
  }
  await recordOnPlatform(tx, ctx, {
    action: role === null ? 'membership.remove' : from ? 'membership.update' : 'membership.create',
    resourceType: 'account',
    resourceId: account.auditId,
    tenantId,
    ...(from ? { before: { role: from } } : {}),
    after: role === null ? { by: 'directory' } : { role, by: 'directory' },
  });
}

type Recorded = { connection: ConnectionRow; decision: Decision; account: StoredAccount | null };

async function recordDecision(
  tx: ControlTx,
  ctx: RequestContext,
  { connection, decision, account }: Recorded,
): Promise<void> {
  const { outcome, refusal, keptAdminOf } = decision;
  const told = { connection: connection.id, way: decision.account };
  await recordOnPlatform(tx, account ? actingAs(ctx, account) : ctx, {
    action: 'directory.admit',
    ...(outcome === 'refused' ? { outcome: 'refused' as const } : {}),
    resourceType: 'account',
    resourceId: account?.auditId ?? 'unknown',
    ...(connection.tenantId === null ? {} : { tenantId: connection.tenantId }),
    after: {
      ...told,
      ...(refusal ? { refusal } : {}),
      ...(keptAdminOf.length > 0 ? { keptAdminOf: [...keptAdminOf] } : {}),
    },
  });
}

/** In the audit log it is the person who acts, by what their directory says of them. */
export function actingAs(ctx: RequestContext, { auditId }: StoredAccount): RequestContext {
  return { ...ctx, actor: { ...ctx.actor, kind: 'human' as const, auditId } };
}

function nameOf({ name, email }: DirectoryPerson): string {
  const [local = ''] = (email ?? '').split('@');
  // What a directory calls somebody is shown to others: no line breaks, no marks that turn text around.
  const plain = (name ?? '').replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ').trim();
  return (plain === '' ? local : plain).slice(0, 120) || 'Unnamed';
}
