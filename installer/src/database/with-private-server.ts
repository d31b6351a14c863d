import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { getAccounts } from '../host/get-accounts.ts';
import { plainEnv } from '../host/run-program.ts';
import type { InstanceLayout } from '../instance/layout.ts';
import type { InstanceSettings } from '../instance/settings.ts';
import { executable } from '../supervisor/process-specs.ts';
import type { SuperuserAccess } from './run-sql.ts';

export type PrivateServer = {
  access: SuperuserAccess;
  /** By itself, or by a signal. */
  hasEnded: () => boolean;
  /** The end of what it said. */
  log: () => string;
};

type Wish = {
  layout: InstanceLayout;
  /** The programs are those of these settings. */
  settings: InstanceSettings;
  clusterDir: string;
  /** More settings for this one run: `fsync=off`. */
  conf?: readonly string[];
  /** Open to the group of the programs, too: a migration runs as its own account. */
  forPrograms?: boolean;
  /** A copy that is thrown away need not be shut down. */
  stopBy: 'SIGINT' | 'SIGQUIT';
};

/**
 * Starts PostgreSQL on a cluster where nobody but us reaches it, by a socket in a directory of its own, and
 * stops it when `work` is done. What it does is no part of the history that backups keep. `work` waits
 * itself until the server is as far as it needs it.
 */
export async function withPrivateServer<T>(
  { layout, settings, clusterDir, conf = [], forPrograms = false, stopBy }: Wish,
  work: (server: PrivateServer) => Promise<T>,
): Promise<T> {
  const accounts = getAccounts(layout);
  const runAs = accounts['casemate-db'];
  const group = forPrograms ? accounts['casemate']?.gid : runAs?.gid;
  await mkdir(layout.runDir, { recursive: true });
  // Short: the path of a socket may have 107 bytes.
  const socketDir = await mkdtemp(path.join(layout.runDir, 'try-'));
  if (runAs && group !== undefined) await chown(socketDir, runAs.uid, group);
  await chmod(socketDir, runAs && forPrograms ? 0o750 : 0o700);
  const port = settings.databasePort;
  const own = [`unix_socket_directories=${socketDir}`, `port=${port}`, 'archive_mode=off'];
  const child = spawn(
    executable(settings, 'postgresql', 'postgres'),
    ['-D', clusterDir, ...[...own, ...conf].flatMap((setting) => ['-c', setting])],
    { env: plainEnv, stdio: ['ignore', 'ignore', 'pipe'], cwd: '/', ...(runAs ?? {}) },
  );
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log = (log + text).slice(-8000)));
  const ended = once(child, 'exit');
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const access = { psql: executable(settings, 'postgresql', 'psql'), socketDir, port, runAs };
  try {
    return await work({ access, hasEnded, log: () => log });
  } finally {
    if (!hasEnded()) {
      child.kill(stopBy);
      await ended;
    }
    await rm(socketDir, { recursive: true, force: true });
  }
}
