import { executable } from '../supervisor/process-specs.ts';
import { openSession } from './psql-session.ts';
import type { BackupContext } from './plan.ts';
import { restic, resticCommand, type Saved } from './restic.ts';
import { runProgram } from '../host/run-program.ts';
import { faultOf } from './restic.ts';
import { superuser } from './wal-archive.ts';

/**
 * A base backup with the log that it needs, straight into the repository: no copy lies on the disk in
 * between. A slot of this session keeps the log meanwhile. Unlogged tables are not in it.
 */
export async function saveBase(
  context: BackupContext,
  tags: readonly string[],
): Promise<Saved & { firstLog: string }> {
  const { settings, repositories } = context;
  const access = superuser(context);
  const session = openSession(access, 'postgres');
  try {
    await session.run(
      "select pg_create_physical_replication_slot('casemate_backup_' || pg_backend_pid(), true, true);",
    );
    const firstLog = await session.run('select pg_walfile_name(pg_current_wal_lsn());');
    const words = ['--checkpoint=fast', '--wal-method=fetch', '--format=tar', '--pgdata=-'];
    const command = [executable(settings, 'postgresql', 'pg_basebackup'), ...words];
    const args = [
      ...['backup', '--json', '--quiet', '--host', 'casemate', '--tag', tags.join(',')],
      ...['--stdin-filename', 'base.tar', '--stdin-from-command', '--', ...command],
    ];
    const call = resticCommand(repositories, 'data', args);
    const env = {
      ...call.env,
      PGHOST: access.socketDir,
      PGPORT: String(access.port),
      PGUSER: 'postgres',
    };
    const result = await runProgram(call.program, call.args, { env });
    if (result.code !== 0) throw faultOf(result, `${repositories.target} (data)`);
    const summary = JSON.parse(result.stdout.trim().split('\n').at(-1) ?? '{}') as {
      snapshot_id: string;
      total_bytes_processed: number;
      data_added_packed?: number;
    };
    return {
      snapshot: summary.snapshot_id,
      bytes: summary.total_bytes_processed,
      added: summary.data_added_packed ?? 0,
      firstLog,
    };
  } finally {
    session.close();
  }
}

/** Forgets what a killed backup left: parts that no manifest names. */
export async function forget(
  context: BackupContext,
  name: 'data' | 'keys' | 'recovery',
  snapshots: readonly string[],
): Promise<void> {
  if (snapshots.length === 0) return;
  await restic(context.repositories, name, { args: ['forget', ...snapshots] });
}
