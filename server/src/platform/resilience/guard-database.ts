import type { Database } from '../db/create-database.ts';
import type { TenantScope } from '../db/types.ts';
import { inSpan } from '../tracing.ts';
import { callBehind, type Breaker, type Verdict } from './breaker.ts';
import { createDeadline, type Deadline } from './deadline.ts';
import { asUnavailable, isTransient, judgeDatabase, wasRolledBack } from './judge-database.ts';
import { retry } from './retry.ts';
import type { ShareName, Shares } from './shares.ts';

type Guarding = {
  breaker: Breaker;
  /** The places of the two kinds of pools. */
  control: Shares;
  tenants: Shares;
  /** Whose places the calls take. */
  share: ShareName;
  /** False where the caller has another way and must not wait. */
  retries?: boolean;
};

/** Reads of the control schema carry no timeout of their own; nobody waits longer for one. */
const READ_CONTROL_MS = 10_000;

type Call<T> = {
  shares: Shares;
  tenantId?: string;
  deadline: Deadline | undefined;
  run: () => Promise<T>;
  /** The transaction's statements are all sent: after an error its COMMIT may have happened. */
  committing: () => boolean;
};

/** Retry, share, breaker, in this order: a try that waits holds no place, and each try counts. */
async function guarded<T>(guarding: Guarding, call: Call<T>): Promise<T> {
  const { breaker, share, retries = true } = guarding;
  const { shares, tenantId, deadline, run, committing } = call;
  const attempt = async (): Promise<T> => {
    const giveBack = await shares.take({ share, tenantId, ...(deadline ? { deadline } : {}) });
    try {
      const judge = (error: unknown): Verdict =>
        judgeDatabase(error, { ofTenant: tenantId !== undefined });
      return await inSpan('database', { 'db.system.name': 'postgresql' }, () =>
        callBehind(breaker, judge, run),
      );
    } finally {
      giveBack();
    }
  };
  const unknown = (error: unknown): boolean => committing() && !wasRolledBack(error);
  const mayRepeat = (error: unknown): boolean => retries && isTransient(error) && !unknown(error);
  try {
    return await retry(attempt, { mayRepeat, deadline });
  } catch (error) {
    throw asUnavailable(error, unknown(error));
  }
}

/**
 * The database behind retry, shares and breaker. A transaction is repeated only when it surely did
 * not happen; once its COMMIT was on the way, a lost connection is an outcome that nobody knows.
 */
export function guardDatabase(db: Database, guarding: Guarding): Database {
  const { control, tenants } = guarding;

  /** A transaction, and whether its work has ended. */
  const transaction = <Tx, T>(
    call: Omit<Call<T>, 'run' | 'committing'>,
    begin: (work: (tx: Tx) => Promise<T>) => Promise<T>,
    work: (tx: Tx) => Promise<T>,
  ): Promise<T> => {
    let worked = false;
    return guarded(guarding, {
      ...call,
      committing: () => worked,
      run: () => {
        worked = false;
        return begin(async (tx) => {
          const value = await work(tx);
          worked = true;
          return value;
        });
      },
    });
  };
  const ofTenant = (scope: TenantScope) => ({
    shares: tenants,
    tenantId: scope.tenantId,
    deadline: scope.deadline,
  });
  return {
    inTenant: (scope, work) =>
      transaction(ofTenant(scope), (tracked) => db.inTenant(scope, tracked), work),
    inAuditor: (scope, work) =>
      transaction(ofTenant(scope), (tracked) => db.inAuditor(scope, tracked), work),
    inRekeyer: (scope, work) =>
      transaction(ofTenant(scope), (tracked) => db.inRekeyer(scope, tracked), work),
    inPlatformAuditor: (work) =>
      transaction(
        { shares: control, deadline: undefined },
        (tracked) => db.inPlatformAuditor(tracked),
        work,
      ),
    inControl: (work, deadline) =>
      transaction(
        { shares: control, deadline },
        (tracked) => db.inControl(tracked, deadline),
        work,
      ),
    readTenant: (scope, work) =>
      guarded(guarding, {
        ...ofTenant(scope),
        run: () => db.readTenant(scope, work),
        committing: () => false,
      }),
    readControl: (work) =>
      guarded(guarding, {
        shares: control,
        deadline: createDeadline(READ_CONTROL_MS),
        run: () => db.readControl(work),
        committing: () => false,
      }),
    listen: (channel, heard) => db.listen(channel, heard),
    hold: (key) => db.hold(key),
    close: () => db.close(),
  };
}
