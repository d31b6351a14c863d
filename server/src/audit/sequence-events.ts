import type { Database, TenantScope } from '../platform/index.ts';
import { EMPTY_HEAD, leafHash, nextHead } from './leaf.ts';
import { appendEntries, findHead, listPending, lockSequencer } from './repo.ts';

const BATCH = 1_000;

/**
 * Appends a tenant's committed events to its log, in batches, each in one transaction. Returns how
 * many were appended; 0 when another process is doing it. Safe to call at any time, from anywhere.
 */
export async function sequenceEvents(db: Database, scope: TenantScope): Promise<number> {
  let total = 0;
  for (;;) {
    const count = await db.inAuditor(scope, async (tx) => {
      if (!(await lockSequencer(tx))) return 0;
      const pending = await listPending(tx, BATCH);
      if (pending.length === 0) return 0;
      const last = await findHead(tx);
      let seq = BigInt(last?.seq ?? 0);
      let head: Buffer = last?.head ?? EMPTY_HEAD;
      const entries = pending.map(({ id, row }) => {
        const leaf = leafHash(row);
        head = nextHead(head, leaf);
        seq += 1n;
        return { seq, eventId: id, leaf, head };
      });
      await appendEntries(tx, entries);
      return entries.length;
    });
    total += count;
    if (count < BATCH) return total;
  }
}
