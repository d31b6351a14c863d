import { setTimeout as sleep } from 'node:timers/promises';
import type { SuperuserAccess } from '../database/run-sql.ts';
import { hashTables } from './hash-tables.ts';
import type { TableHash } from './manifest.ts';
import { openSession } from './psql-session.ts';

export type QuietPoint = { name: string; tables: TableHash[] };

/**
 * Marks a point in the log and hashes all rows as they are exactly there: recovery that stops at the
 * point must show the same rows. It is one at which no transaction that writes was open, found by
 * looking before and after (xmin = xmax, and the same both times); people don't wait for it. Null when
 * the database was not quiet for a moment within `timeoutMs`.
 */
export async function findQuietPoint(
  access: SuperuserAccess,
  name: string,
  timeoutMs = 60_000,
): Promise<QuietPoint | null> {
  const [reader, watcher] = [openSession(access, 'casemate'), openSession(access, 'casemate')];
  const deadline = performance.now() + timeoutMs;
  const look = 'select pg_snapshot_xmin(s), pg_snapshot_xmax(s) from pg_current_snapshot() s;';
  try {
    for (let attempt = 1; performance.now() < deadline; attempt += 1) {
      const point = `${name}-${attempt}`;
      await reader.run('begin isolation level repeatable read;');
      const before = await reader.run(look);
      const [xmin, xmax] = before.split('|');
      if (xmin === xmax) {
        await reader.run(`\\set point '${point}'`);
        await reader.run("select pg_create_restore_point(:'point');");
        const after = await watcher.run(look);
        if (after === before) {
          const tables = await hashTables(reader.run);
          await reader.run('commit;');
          return { name: point, tables };
        }
      }
      await reader.run('rollback;');
      await sleep(20);
    }
    return null;
  } finally {
    reader.close();
    watcher.close();
  }
}
