import { spawn } from 'node:child_process';
import type { SuperuserAccess } from '../database/run-sql.ts';
import { Fault } from '../fault.ts';
import { plainEnv } from '../host/run-program.ts';

export type PsqlSession = { run: (sql: string) => Promise<string>; close: () => void };

/** A psql that stays: for a transaction whose snapshot lasts, or a slot that goes with the session. */
export function openSession(access: SuperuserAccess, database: string): PsqlSession {
  const words = ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-d', database];
  const child = spawn(access.psql, words, {
    env: {
      ...plainEnv,
      PGHOST: access.socketDir,
      PGPORT: String(access.port),
      PGUSER: 'postgres',
      PGOPTIONS: '-c idle_in_transaction_session_timeout=0 -c statement_timeout=0',
    },
    stdio: ['pipe', 'pipe', 'pipe'],
    cwd: '/',
    ...(access.runAs ?? {}),
  });
  let [text, errors, count] = ['', '', 0];
  let waiting: {
    marker: string;
    resolve: (rows: string) => void;
    reject: (why: Error) => void;
  } | null = null;
  const fail = () => {
    waiting?.reject(
      new Fault('PostgreSQL refused a statement of the backup', {
        why: errors.trim().split('\n').at(-1) ?? 'psql ended',
        next: 'See `casemate logs postgresql`.',
      }),
    );
    waiting = null;
  };
  child.stderr.setEncoding('utf8').on('data', (more: string) => (errors += more));
  child.stdout.setEncoding('utf8').on('data', (more: string) => {
    text += more;
    const end = waiting ? text.indexOf(`${waiting.marker}\n`) : -1;
    if (!waiting || end < 0) return;
    const { resolve, marker } = waiting;
    waiting = null;
    const rows = text.slice(0, end).trimEnd();
    text = text.slice(end + marker.length + 1);
    resolve(rows);
  });
  child.on('close', fail);
  child.on('error', fail);
  child.stdin.on('error', () => undefined);
  return {
    run: (sql) =>
      new Promise((resolve, reject) => {
        const marker = `-- end ${(count += 1)}`;
        waiting = { marker, resolve, reject };
        if (child.exitCode !== null) fail();
        else child.stdin.write(`${sql}\n\\echo '${marker}'\n`);
      }),
    close: () => child.stdin.end('\\q\n'),
  };
}
