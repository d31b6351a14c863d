import type { ControlTx } from '../db/types.ts';

/**
 * An e-mail from one address (or from browsers that have signed in before), an address over all
 * e-mails, an e-mail over all addresses; the codes of an account's second factors, and its recovery codes.
 */
export type TryKind = 'pair' | 'address' | 'account' | 'factor' | 'recovery';

/** One counter that a sign-in draws from. */
export type Subject = {
  readonly kind: TryKind;
  /** SHA-256. */
  readonly subject: Buffer;
  /** Failures that lock. */
  readonly limit: number;
  /** Failures and running tries together. Where it is the limit, no more are ever tried. */
  readonly together: number;
};

export type Refusal = { kind: TryKind; leftSeconds: number; locked: boolean };

/** A lock that begins now. */
export type Lock = { kind: TryKind; subject: Buffer; failures: number };

/** A try that nobody ended, because its process died, is given back after this time. */
const LOST_SECONDS = 90;
/** Said to one who must wait for tries that run. */
const BUSY_SECONDS = 5;

/**
 * Begins a try of all `subjects`, or of none: refused while one is locked, or while so many run that
 * they could reach the limit together. The rows are locked in one order, so that processes that
 * count the same wait for each other and never in a circle. Give each try back with `endTry`.
 */
export async function beginTry(
  tx: ControlTx,
  subjects: readonly Subject[],
  windowSeconds: number,
): Promise<Refusal | undefined> {
  await lockTries(tx, subjects);
  const [refusal] = await tx.query<Refusal>(
    `with input as (
       select * from unnest($1::text[], $2::bytea[], $3::integer[]) as input (kind, subject, together)),
     now_running as (
       select kind, subject, together, failed_at,
         case when running_until > now() then running else 0 end as running
       from input join control.sign_in_tries using (kind, subject)),
     refused as (
       select kind, ceil(extract(epoch from locked_until - now()))::integer as left_seconds, true as locked
       from input join control.lockouts using (kind, subject)
       where locked_until > now() and unlocked_at is null
       union all
       select kind, $6, false from now_running
       where running + (select count(*) from unnest(failed_at) as failed (at)
                        where at > now() - make_interval(secs => $4)) >= together),
     begun as (
       update control.sign_in_tries tries
       set running = now_running.running + 1, running_until = now() + make_interval(secs => $5)
       from now_running
       where tries.kind = now_running.kind and tries.subject = now_running.subject
         and not exists (select from refused))
     select kind, left_seconds as "leftSeconds", locked from refused
     order by locked desc, left_seconds desc limit 1`,
    [
      subjects.map(({ kind }) => kind),
      subjects.map(({ subject }) => subject),
      subjects.map(({ together }) => together),
      windowSeconds,
      LOST_SECONDS,
      BUSY_SECONDS,
    ],
  );
  return refusal;
}

/** Takes the rows of all subjects, made where they are missing, until the transaction ends. */
async function lockTries(tx: ControlTx, subjects: readonly Subject[]): Promise<void> {
  await tx.execute(
    `insert into control.sign_in_tries as tries (kind, subject)
     select kind, subject from unnest($1::text[], $2::bytea[]) as input (kind, subject)
     order by kind, subject
     on conflict (kind, subject) do update set running = tries.running`,
    [subjects.map(({ kind }) => kind), subjects.map(({ subject }) => subject)],
  );
}

/** How a try ended: `unknown` when it failed for a reason of the server's own. */
export type TryOutcome = 'wrong' | 'right' | 'unknown';

/**
 * Ends a try. A wrong password is remembered; where it makes the limit full, the lock is returned,
 * to be written in the same transaction, and the failures are forgotten. A right one forgets the
 * failures of its pair.
 */
export async function endTry(
  tx: ControlTx,
  subjects: readonly Subject[],
  { outcome, windowSeconds }: { outcome: TryOutcome; windowSeconds: number },
): Promise<Lock[]> {
  await lockTries(tx, subjects);
  return tx.query<Lock>(
    `with counted as (
       select kind, subject, most,
         case when $5 = 'right' and kind in ('pair', 'factor', 'recovery') then '{}'
           else array(select at from unnest(failed_at) as failed (at)
                      where at > now() - make_interval(secs => $4)) end
         || case when $5 = 'wrong' then array[now()] else '{}' end as failed
       from unnest($1::text[], $2::bytea[], $3::integer[]) as input (kind, subject, most)
       join control.sign_in_tries using (kind, subject)),
     written as (
       update control.sign_in_tries tries
       set running = greatest(running - 1, 0),
           failed_at = case when cardinality(failed) >= most then '{}' else failed end
       from counted
       where tries.kind = counted.kind and tries.subject = counted.subject)
     select kind, subject, cardinality(failed) as failures from counted
     where $5 = 'wrong' and cardinality(failed) >= most`,
    [
      subjects.map(({ kind }) => kind),
      subjects.map(({ subject }) => subject),
      subjects.map(({ limit }) => limit),
      windowSeconds,
      outcome,
    ],
  );
}

/** Forgets what no longer counts. */
export function pruneTries(tx: ControlTx, windowSeconds: number): Promise<number> {
  return tx.execute(
    `delete from control.sign_in_tries
     where running_until < now()
       and not exists (select from unnest(failed_at) as failed (at)
                       where at > now() - make_interval(secs => $1))`,
    [windowSeconds],
  );
}
