import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, chmod, chown, mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { runSql, type SuperuserAccess } from '../../database/run-sql.ts';
import { Fault } from '../../fault.ts';
import { getAccounts } from '../../host/get-accounts.ts';
import { plainEnv } from '../../host/run-program.ts';
import { waitUntil } from '../../host/wait-until.ts';
import { writeFileAtomically } from '../../host/write-file.ts';
import type { InstanceLayout } from '../../instance/layout.ts';
import type { InstanceSettings } from '../../instance/settings.ts';
import { executable } from '../../supervisor/process-specs.ts';
import { giveTree } from '../../upgrade/scratch-database.ts';

export type Recovery = {
  layout: InstanceLayout;
  settings: InstanceSettings;
  databaseDir: string;
  walDir: string;
  /** A named point, a time, or as far as the log goes. */
  until: { point: string } | { time: Date } | 'end';
};

/**
 * Replays the log on the unpacked cluster where nobody but us reaches it, ends the recovery, and lets
 * `work` look at it. The cluster is shut down afterwards and can start by itself.
 */
export async function recoverDatabase<T>(
  recovery: Recovery,
  work: (access: SuperuserAccess) => Promise<T>,
): Promise<T> {
  const { layout, settings, databaseDir, walDir } = recovery;
  const runAs = getAccounts(layout)['casemate-db'];
  await writeTarget(recovery);
  await giveTree(databaseDir, runAs);
  await giveTree(walDir, runAs);
  await mkdir(layout.runDir, { recursive: true });
  const socketDir = await mkdtemp(path.join(layout.runDir, 'rec-'));
  if (runAs) await chown(socketDir, runAs.uid, runAs.gid);
  await chmod(socketDir, 0o700);
  const own = [
    ...[`unix_socket_directories=${socketDir}`, 'archive_mode=off', 'hot_standby=on'],
    ...[`port=${settings.databasePort}`, 'unix_socket_group=', 'unix_socket_permissions=0700'],
  ].flatMap((setting) => ['-c', setting]);
  const server = spawn(
    executable(settings, 'postgresql', 'postgres'),
    ['-D', databaseDir, ...own],
    { env: plainEnv, stdio: ['ignore', 'ignore', 'pipe'], cwd: '/', ...(runAs ?? {}) },
  );
  let log = '';
  server.stderr.setEncoding('utf8').on('data', (text: string) => (log = (log + text).slice(-8000)));
  const ended = once(server, 'exit');
  const access = {
    psql: executable(settings, 'postgresql', 'psql'),
    socketDir,
    port: settings.databasePort,
    runAs,
  };
  try {
    await untilRecovered(
      access,
      () => server.exitCode !== null,
      () => log,
    );
    const result = await work(access);
    await runSql(access, 'postgres', undo);
    return result;
  } finally {
    if (server.exitCode === null) {
      server.kill('SIGINT');
      await ended;
    }
    await rm(socketDir, { recursive: true, force: true });
  }
}

const undo = `alter system reset restore_command;
  alter system reset recovery_target_name;
  alter system reset recovery_target_time;
  alter system reset recovery_target_timeline;
  alter system reset recovery_target_action;`;

async function writeTarget({ databaseDir, walDir, until }: Recovery): Promise<void> {
  const target =
    until === 'end'
      ? []
      : 'point' in until
        ? [`recovery_target_name = '${until.point}'`]
        : [`recovery_target_time = '${until.time.toISOString()}'`];
  const lines = [
    '',
    `restore_command = 'cp "${walDir}/%f" "%p"'`,
    "recovery_target_timeline = 'current'",
    "recovery_target_action = 'promote'",
    ...target,
    '',
  ];
  await appendFile(path.join(databaseDir, 'postgresql.auto.conf'), lines.join('\n'));
  await writeFileAtomically(path.join(databaseDir, 'recovery.signal'), '', { mode: 0o600 });
}

async function untilRecovered(
  access: SuperuserAccess,
  ended: () => boolean,
  log: () => string,
): Promise<void> {
  const done = () =>
    runSql(access, 'postgres', 'select pg_is_in_recovery();').then(
      (answer) => answer === 'f',
      () => false,
    );
  const ready = await waitUntil(async () => ended() || (await done()), 6 * 3_600_000, 200);
  if (ready && !ended()) return;
  const last = log()
    .split('\n')
    .filter((line) => /FATAL|PANIC|ERROR/.test(line))
    .at(-1);
  const short = /recovery ended before configured recovery target was reached/.test(last ?? '');
  throw new Fault(
    short
      ? 'The log that was saved ends before the time that was asked for'
      : 'The database could not be recovered from the backup',
    {
      why:
        last?.replace(/^.*?(FATAL|PANIC|ERROR): */, '') ??
        (log().trim().split('\n').at(-1) || 'PostgreSQL ended.'),
      next: short
        ? 'Nothing was changed. Give an earlier time, or leave --at away for the last state.'
        : 'Nothing was changed. Restore an earlier backup: `casemate backup list`.',
    },
  );
}
