import { recordOnPlatform } from '../../audit/index.ts';
import { AppError, type ControlTx, type RequestContext } from '../../platform/index.ts';
import { pauseKeys } from '../api-keys/repo.ts';
import type { IdentityParts } from '../parts.ts';
import { findSessionState, type AccountRow, type SessionRow } from '../repo.ts';
import { openedBy, trustedSession } from '../rights/trusted.ts';
import { showFactor } from '../start-session.ts';
import { changeFactors } from './change-factors.ts';
import { countsFor, hasCounting, type Reach } from './counting-factors.ts';
import { hashOfCode, newRecoveryCodes } from './recovery-codes.ts';
import { replaceRecoveryCodes, type FactorRow } from './repo.ts';

/**
 * Who may change their factors now: whoever has shown one within the last minutes, here or to a provider
 * whose word counts, or, having none, has signed in within them (ASVS 7.5.1). Read from the database, not from what is remembered of it.
 */
export async function requireFreshPerson(
  ctx: RequestContext,
  { rights }: Pick<IdentityParts, 'rights'>,
): Promise<SessionRow> {
  const row = await ctx.inControl((tx) => findSessionState(tx, ctx.actor.sessionId ?? ''));
  const state = trustedSession(rights, row);
  if (!row || state?.id !== ctx.actor.accountId)
    throw new AppError('unauthenticated', 'This session has ended; sign in again');
  refuseBeyondTenant(rights, row);
  const { enrolled, shownAt } = state.factor;
  const since = enrolled ? shownAt : earlier(state.startedAt, shownAt);
  const minutes = ctx.platform.config.CASEMATE_STEP_UP_MINUTES;
  const age = since === null ? Infinity : ctx.clock.now().getTime() - since.getTime();
  if (age > minutes * 60_000)
    throw new AppError(
      'step_up_required',
      enrolled
        ? 'Show your second factor again: this needs a fresh one'
        : 'Sign out, at your directory too, and in again first: a second factor is set up right after signing in',
    );
  return row;
}

/** Of somebody whom a provider saw this morning the sign-in is of this morning. */
function earlier(startedAt: Date, shownAt: Date | null): Date {
  return shownAt !== null && shownAt < startedAt ? shownAt : startedAt;
}

/**
 * What a directory opened changes nothing that lets in elsewhere: a passkey that is made there would open
 * all that the account may do, the platform too, which a tenant's directory never opens.
 */
export function refuseBeyondTenant(rights: IdentityParts['rights'], row: SessionRow): void {
  if (row.connectionId === null) return;
  const opensAll = openedBy(rights, row).length === row.memberships.length;
  if (opensAll && (row.onlyTenant === null || row.platformRole === null)) return;
  throw beyondTenant();
}

/** The same before there is a session. */
export function refuseBeyondReach({ onlyTenant, ...reach }: Reach): void {
  if (onlyTenant === null || countsFor(onlyTenant, { ...reach, onlyTenant: null })) return;
  throw beyondTenant();
}

function beyondTenant(): AppError {
  return new AppError(
    'forbidden',
    'Your account can do more than this sign-in: sign in to it with your password to change it',
  );
}

/** Recovery codes come with the first factor, and are shown this once. */
export type Added = { id: string; recoveryCodes: string[] | null };

type Adding = {
  person: SessionRow;
  factor: Pick<FactorRow, 'id' | 'kind' | 'onlyTenant'>;
  /** Writes its row; gives the facts of the account with it. */
  insert: (tx: ControlTx, account: AccountRow) => Promise<string>;
};

/** A factor that was just shown joins the account; this session has shown it. */
export async function addFactor(
  ctx: RequestContext,
  { rights, sessions }: IdentityParts,
  { person, factor, insert }: Adding,
): Promise<Added> {
  const { id: accountId, sessionId, auditId, onlyTenant } = person;
  const added = await ctx.inControl(async (tx) => {
    let first = false;
    const change = async (account: AccountRow): Promise<string> => {
      first = !(await hasCounting(tx, account, onlyTenant));
      return insert(tx, account);
    };
    await changeFactors(tx, ctx, { rights, accountId, change });
    const recoveryCodes = first
      ? await writeRecoveryCodes(tx, ctx, { accountId, onlyTenant })
      : null;
    await showFactor(tx, ctx, { sessionId, accountId });
    await pauseKeys(tx, { accountId, paused: false });
    await recordOnPlatform(tx, ctx, {
      action: 'factor.create',
      resourceType: 'account',
      resourceId: auditId,
      after: { factor: factor.id, kind: factor.kind },
    });
    return { id: factor.id, recoveryCodes };
  });
  sessions.forget(sessionId);
  return added;
}

/** Ten new ones; those of before open nothing any more. */
export async function writeRecoveryCodes(
  tx: ControlTx,
  { platform }: RequestContext,
  of: { accountId: string; onlyTenant: string | null },
): Promise<string[]> {
  const codes = newRecoveryCodes();
  const hashes = codes.map((code) => hashOfCode(platform.pepper, of, code));
  await replaceRecoveryCodes(tx, of, hashes);
  return codes;
}
