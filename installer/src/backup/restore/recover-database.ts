import { appendFile } from 'node:fs/promises';
import path from 'node:path';
import { runSql, type SuperuserAccess } from '../../database/run-sql.ts';
import { withPrivateServer, type PrivateServer } from '../../database/with-private-server.ts';
import { Fault } from '../../fault.ts';
import { getAccounts } from '../../host/get-accounts.ts';
import { waitUntil } from '../../host/wait-until.ts';
import { writeFileAtomically } from '../../host/write-file.ts';
import type { InstanceLayout } from '../../instance/layout.ts';
import type { InstanceSettings } from '../../instance/settings.ts';
import { giveTree } from '../../host/give-tree.ts';

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
  const conf = ['hot_standby=on', 'unix_socket_group=', 'unix_socket_permissions=0700'];
  return withPrivateServer(
    { layout, settings, clusterDir: databaseDir, conf, stopBy: 'SIGINT' },
    async (server) => {
      await untilRecovered(server);
      const result = await work(server.access);
      await runSql(server.access, 'postgres', undo);
      return result;
    },
  );
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

async function untilRecovered({ access, hasEnded, log }: PrivateServer): Promise<void> {
  const done = () =>
    runSql(access, 'postgres', 'select pg_is_in_recovery();').then(
      (answer) => answer === 'f',
      () => false,
    );
  const ready = await waitUntil(async () => hasEnded() || (await done()), 6 * 3_600_000, 200);
  if (ready && !hasEnded()) return;
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
