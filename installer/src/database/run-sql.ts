import { Fault } from '../fault.ts';
import { plainEnv, runProgram } from '../host/run-program.ts';
import type { Owner } from '../host/write-file.ts';

export type SuperuserAccess = {
  psql: string;
  socketDir: string;
  port: number;
  runAs?: Owner | undefined;
};

/** Runs SQL as the superuser; it goes in on standard input. Resolves with the unaligned rows. */
export async function runSql(
  access: SuperuserAccess,
  database: string,
  sql: string,
): Promise<string> {
  const { code, stdout, stderr } = await runProgram(
    access.psql,
    ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-d', database],
    {
      input: sql,
      runAs: access.runAs,
      env: {
        ...plainEnv,
        PGHOST: access.socketDir,
        PGPORT: String(access.port),
        PGUSER: 'postgres',
      },
    },
  );
  if (code === 0) return stdout.trim();
  throw new Fault('PostgreSQL refused a statement of the installer', {
    why:
      stderr
        .trim()
        .split('\n')
        .find((line) => /ERROR|FATAL|error/.test(line)) ?? stderr.trim(),
    next: 'See `casemate logs postgresql`.',
  });
}
