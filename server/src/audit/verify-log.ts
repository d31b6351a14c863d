import type { Database } from '../platform/index.ts';
import { EMPTY_HEAD, leafHash, nextHead } from './leaf.ts';
import { openLog, type LogPlace } from './open-log.ts';
import { countMissing, listLog } from './repo.ts';

export type LogVerdict = {
  /** Entries that were checked. */
  events: number;
  intact: boolean;
  /** The first entry that does not fit. */
  brokenAt: string | null;
  /** Events that are recorded and should be in the log, but are not. */
  missing: number;
};

const BATCH = 2_000;
/** Two sweeps of the sequencer. */
const LATE_SECONDS = 120;

/**
 * Recomputes every leaf and head of a tenant's log, or the platform's, and names the first entry that does not fit. A
 * log whose end was cut off shows as events that are missing from it.
 */
export async function verifyLog(
  db: Database,
  place: LogPlace,
  lateSeconds = LATE_SECONDS,
): Promise<LogVerdict> {
  const inLog = openLog(db, place);
  const missing = await inLog((tx) => countMissing(tx, lateSeconds));
  let head: Buffer = EMPTY_HEAD;
  let after = '0';
  let events = 0;
  for (;;) {
    const rows = await inLog((tx) => listLog(tx, { after, limit: BATCH }));
    for (const entry of rows) {
      const leaf = leafHash(entry.row);
      head = nextHead(head, leaf);
      const inOrder = BigInt(entry.seq) === BigInt(after) + 1n;
      if (!inOrder || !leaf.equals(entry.leaf) || !head.equals(entry.head))
        return { events, intact: false, brokenAt: entry.seq, missing };
      after = entry.seq;
      events += 1;
    }
    if (rows.length < BATCH) return { events, intact: missing === 0, brokenAt: null, missing };
  }
}
