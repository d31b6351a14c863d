import type { ControlTx } from '../db/types.ts';

export type Budget = {
  /** Short and fixed: the same in every process. */
  readonly name: string;
  readonly limit: number;
  readonly windowSeconds: number;
  /** Keys that strangers choose share 2^20 slots, so that they can't fill the table. */
  readonly ofStrangers: boolean;
};

/** What a draw got: how many requests are granted, out of how many, until when. */
export type Draw = { granted: number; used: number; leftMs: number };

type Wish = {
  key: string;
  need: number;
  /** Nothing ahead of need: for a caller that keeps no lease, to whom the rest would be lost. */
  exactly?: true;
};

const STRANGERS_SLOTS = 2 ** 20;
/** Ahead of need, at most this part of what is left: so little is stranded in other processes. */
const AHEAD_SHARE = 16;
const MOST_AHEAD = 200;

/**
 * Takes requests out of a budget's window, all processes together exactly `limit` per window. Time
 * is the database's, and leaves as a duration: no process's clock matters. A window begins with the
 * first draw after the last one's end.
 */
export async function drawBudget(tx: ControlTx, budget: Budget, wish: Wish): Promise<Draw> {
  const [draw] = await tx.query<Draw>(
    `insert into control.rate_counters as counter (budget, slot, used, granted, ends_at)
     select $1, case when $6 then slot & $7::bigint else slot end, first, first,
            now() + make_interval(secs => $5)
     from (select hashtextextended($2, seed) as slot,
             least($4::integer, $3::integer + least($9::integer, greatest($4::integer - $3::integer, 0) / $8::integer)) as first
           from control.limit_seed) wish
     on conflict (budget, slot) do update set
       granted = case when counter.ends_at <= now() then excluded.used
         else least(greatest($4 - counter.used, 0),
                    $3 + least($9, greatest($4 - counter.used - $3, 0) / $8)) end,
       used = case when counter.ends_at <= now() then excluded.used
         else counter.used + least(greatest($4 - counter.used, 0),
                    $3 + least($9, greatest($4 - counter.used - $3, 0) / $8)) end,
       ends_at = case when counter.ends_at <= now() then excluded.ends_at else counter.ends_at end
     returning granted, used,
       (extract(epoch from ends_at - clock_timestamp()) * 1000)::float8 as "leftMs"`,
    [
      budget.name,
      wish.key,
      wish.need,
      budget.limit,
      budget.windowSeconds,
      budget.ofStrangers,
      STRANGERS_SLOTS - 1,
      AHEAD_SHARE,
      wish.exactly ? 0 : MOST_AHEAD,
    ],
  );
  if (!draw) throw new Error('the seed of the limits is missing');
  return draw;
}

/** Forgets windows that are over; returns how many. */
export function pruneCounters(tx: ControlTx): Promise<number> {
  return tx.execute(`delete from control.rate_counters where ends_at < now()`);
}
