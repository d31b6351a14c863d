import type { Database, TenantScope } from '../platform/index.ts';
import { EMPTY_HEAD, leafHash, nextHead } from './leaf.ts';
import { listLog } from './repo.ts';

export type LogVerdict = { events: number; intact: boolean; brokenAt: string | null };

const BATCH = 2_000;

/** Recomputes every leaf and head of a tenant's log and names the first entry that does not fit. */
export async function verifyLog(db: Database, scope: TenantScope): Promise<LogVerdict> {
  let head: Buffer = EMPTY_HEAD;
  let after = '0';
  let events = 0;
  for (;;) {
    const rows = await db.inAuditor(scope, (tx) => listLog(tx, { after, limit: BATCH }));
    for (const entry of rows) {
      const leaf = leafHash(entry.row);
      head = nextHead(head, leaf);
      const inOrder = BigInt(entry.seq) === BigInt(after) + 1n;
      if (!inOrder || !leaf.equals(entry.leaf) || !head.equals(entry.head))
        return { events, intact: false, brokenAt: entry.seq };
      after = entry.seq;
      events += 1;
    }
    if (rows.length < BATCH) return { events, intact: true, brokenAt: null };
  }
}
