import { readFileSync } from 'node:fs';
import type pg from 'pg';

/** Memory of its own of one backend of the database, in MB: shared buffers are everybody's. */
export function memoryOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kilobytes = /^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1];
  return Number(kilobytes ?? 0) / 1024;
}

export type Watch = {
  /** The highest memory in MB, and by login role. */
  stop(): { highest: number; text: string };
};

/** Notes the highest memory of any backend of the product, of whatever program, until stopped. */
export function watchBackends(database: pg.Client): Watch {
  const highest = new Map<string, number>();
  const look = async (): Promise<void> => {
    const { rows } = await database.query<{ pid: number; login: string }>(
      `select pid, regexp_replace(usename, '_[0-9]+$', '_N') as login from pg_stat_activity
       where usename like 'casemate%'`,
    );
    for (const { pid, login } of rows)
      try {
        highest.set(login, Math.max(highest.get(login) ?? 0, memoryOf(pid)));
      } catch {
        // It ended since the list was made.
      }
  };
  const timer = setInterval(() => void look(), 200);
  return {
    stop: () => {
      clearInterval(timer);
      const found = [...highest].sort(([, a], [, b]) => b - a);
      return {
        highest: found[0]?.[1] ?? 0,
        text: found.map(([login, mb]) => `${login} ${mb.toFixed(1)} MB`).join(', '),
      };
    },
  };
}
