import { setTimeout as pause } from 'node:timers/promises';
import { recordOnPlatform } from '../../../audit/index.ts';
import { AppError, type RequestContext } from '../../../platform/index.ts';
import { findAuditId } from '../../find-audit-id.ts';
import type { IdentityParts } from '../../parts.ts';
import type { DirectoryPerson } from '../admit-from-directory.ts';
import { admit, type LetIn } from '../answer-sign-in.ts';
import { linkIdentity } from '../link-identity.ts';
import { findConnection, type ConnectionRow } from '../repo.ts';
import { soundConnection } from '../seals.ts';
import { beginPersonTry, endPersonTry } from './count-person-tries.ts';
import { provePerson, type Doubt } from './prove-person.ts';
import { rememberSubject } from './remember-subject.ts';

export type Typed = { connection: string; email: string; password: string };

/** Whoever is refused waits for a multiple of this, so that the time says nothing of why. */
const STEP_MS = 500;

/** Signs somebody in whose password the directory of a connection takes. Equal answers for all others. */
export async function signInByPassword(
  ctx: RequestContext,
  parts: IdentityParts,
  typed: Typed,
): Promise<LetIn> {
  const connection = await openOne(ctx, typed.connection);
  const person = await prove(ctx, connection, typed);
  const shown = { person, session: null, factor: false, authenticatedAt: null, claims: {} };
  const onAccount = (accountId: string): Promise<void> =>
    rememberSubject(ctx, { connectionId: connection.id, accountId }, person.subject);
  return admit(ctx, parts, { connection, shown, onAccount });
}

/** Puts somebody of the directory on one's own account. */
export async function linkByPassword(
  ctx: RequestContext,
  parts: IdentityParts,
  typed: Typed,
): Promise<void> {
  const connection = await openOne(ctx, typed.connection);
  const { subject } = await prove(ctx, connection, typed);
  await linkIdentity(ctx, parts, { connection, subject });
  const link = { connectionId: connection.id, accountId: ctx.actor.accountId ?? '' };
  await rememberSubject(ctx, link, subject);
}

async function openOne(ctx: RequestContext, id: string): Promise<ConnectionRow> {
  const row = soundConnection(ctx, await ctx.inControl((tx) => findConnection(tx, id)));
  if (row?.kind !== 'ldap' || row.state !== 'active')
    throw new AppError('not_found', 'There is no such sign-in any more: begin again');
  return row;
}

async function prove(
  ctx: RequestContext,
  connection: ConnectionRow,
  { email, password }: Typed,
): Promise<DirectoryPerson> {
  const began = performance.now();
  try {
    return await whoIs(ctx, connection, { email, password });
  } catch (error) {
    if (error instanceof AppError && error.code === 'unauthenticated')
      await pause(STEP_MS - ((performance.now() - began) % STEP_MS));
    throw error;
  }
}

async function whoIs(
  ctx: RequestContext,
  connection: ConnectionRow,
  { email, password }: Pick<Typed, 'email' | 'password'>,
): Promise<DirectoryPerson> {
  const tried: string[] = [];
  const beforeTry = async (subject: string): Promise<void> => {
    await beginPersonTry(ctx, connection, subject);
    tried.push(subject);
  };
  let outcome: 'right' | 'wrong' | 'unknown' = 'unknown';
  try {
    const proof = await provePerson(ctx, connection, { email, password, beforeTry });
    outcome = proof.kind === 'person' ? 'right' : 'wrong';
    if (proof.kind === 'person') return proof.person;
    throw await refusal(ctx, connection, { email, doubt: proof.doubt });
  } finally {
    for (const subject of tried) await endPersonTry(ctx, connection, { subject, outcome });
  }
}

async function refusal(
  ctx: RequestContext,
  connection: ConnectionRow,
  { email, doubt }: { email: string; doubt: Doubt },
): Promise<AppError> {
  await ctx.inControl(async (tx) =>
    recordOnPlatform(tx, ctx, {
      action: 'session.start',
      outcome: 'refused',
      resourceType: 'account',
      // Of an address that is not the connection's own its owner learns nothing.
      resourceId: (doubt === 'other_domain' ? null : await findAuditId(tx, email)) ?? 'unknown',
      ...(connection.tenantId === null ? {} : { tenantId: connection.tenantId }),
      after: { connection: connection.id, reason: doubt },
    }),
  );
  return new AppError(
    'unauthenticated',
    'E-mail or password is wrong, or your directory does not let you in',
  );
}
