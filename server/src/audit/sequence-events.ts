import type { Database } from '../platform/index.ts';
import { EMPTY_HEAD, leafHash, nextHead } from './leaf.ts';
import { openLog, type LogPlace } from './open-log.ts';
import { appendEntries, countWaiting, findHead, listPending, lockSequencer } from './repo.ts';

export type Sequenced = {
  appended: number;
  /** Events that an open transaction or another sequencer holds back: call again soon. */
  waiting: number;
};

const BATCH = 1_000;

/**
 * Appends the committed events of a tenant, or of the platform, to its log, in batches, each in one transaction. Safe to call
 * at any time, from anywhere. `thorough` looks at all events, not only at those since the last one
 * that was logged: after a restore, transaction ids start low again.
 */
export async function sequenceEvents(
  db: Database,
  place: LogPlace,
  thorough = false,
): Promise<Sequenced> {
  const inLog = openLog(db, place);
  let appended = 0;
  for (;;) {
    const pass = await inLog(async (tx) => {
      if (!(await lockSequencer(tx))) return { count: 0, waiting: await countWaiting(tx) };
      const pending = await listPending(tx, { limit: BATCH, thorough });
      const last = await findHead(tx);
      let seq = BigInt(last?.seq ?? 0);
      let head: Buffer = last?.head ?? EMPTY_HEAD;
      const entries = pending.map(({ id, row }) => {
        const leaf = leafHash(row);
        head = nextHead(head, leaf);
        seq += 1n;
        return { seq, eventId: id, leaf, head };
      });
      if (entries.length > 0) await appendEntries(tx, entries);
      return { count: entries.length, waiting: await countWaiting(tx) };
    });
    appended += pass.count;
    if (pass.count < BATCH) return { appended, waiting: pass.waiting };
  }
}
