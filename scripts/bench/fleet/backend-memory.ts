import { readFileSync } from 'node:fs';
import type pg from 'pg';

/** Memory of its own of one backend of the database, in MB: shared buffers are everybody's. */
export function memoryOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kilobytes = /^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1];
  return Number(kilobytes ?? 0) / 1024;
}

export type Watch = { stop(): number };

/** Notes the highest memory of any backend of the server until stopped. */
export function watchBackends(database: pg.Client): Watch {
  let highest = 0;
  const look = async (): Promise<void> => {
    const { rows } = await database.query<{ pid: number }>(
      `select pid from pg_stat_activity where usename like 'casemate_server%'`,
    );
    for (const { pid } of rows)
      try {
        highest = Math.max(highest, memoryOf(pid));
      } catch {
        // It ended since the list was made.
      }
  };
  const timer = setInterval(() => void look(), 200);
  return {
    stop: () => {
      clearInterval(timer);
      return highest;
    },
  };
}
