import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { runSql, type SuperuserAccess } from '../database/run-sql.ts';
import { Fault } from '../fault.ts';
import { getAccounts } from '../host/get-accounts.ts';
import { waitUntil } from '../host/wait-until.ts';
import type { InstanceLayout } from '../instance/layout.ts';
import { instancePaths } from '../instance/paths.ts';
import type { InstanceSettings } from '../instance/settings.ts';
import { executable } from '../supervisor/process-specs.ts';
import { readHistory, type BackupContext } from './plan.ts';
import { save } from './restic.ts';
import { noteDone } from './state.ts';

export function superuser({
  layout,
  settings,
}: {
  layout: InstanceLayout;
  settings: InstanceSettings;
}): SuperuserAccess {
  return {
    psql: executable(settings, 'postgresql', 'psql'),
    socketDir: instancePaths(layout).databaseSocketDir,
    port: settings.databasePort,
    runAs: getAccounts(layout)['casemate-db'],
  };
}

/**
 * PostgreSQL lays every finished segment of its log into the spool, by its own library, which is safe
 * against power cuts; without a restart. Off, segments are recycled again.
 */
export async function archiveLog(access: SuperuserAccess, minutes: number): Promise<void> {
  const timeout = `\\set timeout '${minutes}min'`;
  await runSql(access, 'postgres', minutes > 0 ? [timeout, archiveOn].join('\n') : archiveOff);
}

const archiveOn = `alter system set archive_command = '';
  alter system set archive_library = 'basic_archive';
  alter system set archive_timeout = :'timeout';
  select pg_reload_conf();`;

const archiveOff = `alter system reset archive_command;
  alter system reset archive_library;
  alter system reset archive_timeout;
  select pg_reload_conf();`;

/** Ends the present segment, and waits until it and all before it are in the spool. Gives its name. */
export async function flushLog(access: SuperuserAccess, spoolDir: string): Promise<string> {
  // The message makes sure that there is something in the segment, which would not be ended else.
  const rows = await runSql(
    access,
    'postgres',
    "select pg_logical_emit_message(false, 'casemate', 'flush');\nselect pg_walfile_name(pg_switch_wal());",
  );
  const name = rows.split('\n').at(-1) ?? '';
  const archived = async () =>
    (await readdir(spoolDir)).includes(name) || (await isPast(access, name));
  if (await waitUntil(archived, 120_000, 200)) return name;
  const why = await runSql(
    access,
    'postgres',
    `select 'last failed: ' || coalesce(last_failed_wal, 'none') || ', archive_mode is '
      || current_setting('archive_mode') from pg_stat_archiver;`,
  );
  throw new Fault('PostgreSQL does not archive its log', {
    why,
    next: 'Restart the database once (`casemate restart postgresql`), then see `casemate logs postgresql`.',
  });
}

async function isPast(access: SuperuserAccess, name: string): Promise<boolean> {
  const segment = `\\set segment '${name}'`;
  return (await runSql(access, 'postgres', [segment, lastArchived].join('\n'))) === 't';
}

const lastArchived =
  "select coalesce(last_archived_wal >= :'segment', false) from pg_stat_archiver;";

/** What the archiver has finished: it works under another name until then. */
export async function listSpool(spoolDir: string): Promise<string[]> {
  const names = await readdir(spoolDir).catch(() => []);
  return names.filter((name) =>
    /^[0-9A-F]{24}(\.[0-9A-F]{8}\.backup)?$|^[0-9A-F]{8}\.history$/.test(name),
  );
}

/** Puts the spool into the repository; what is saved there is removed here. */
export async function pushLog({ layout, repositories }: BackupContext): Promise<number> {
  const { walSpoolDir } = instancePaths(layout);
  const names = (await listSpool(walSpoolDir)).sort();
  const at = new Date().toISOString();
  if (names.length === 0) return 0;
  const segments = names.filter((name) => name.length === 24);
  const [first = '', last = ''] = [segments.at(0), segments.at(-1)];
  const tags = ['wal', `history=${await readHistory(layout)}`, `first=${first}`, `last=${last}`];
  await save(repositories, 'data', { tags, args: ['--', ...names], cwd: walSpoolDir });
  for (const name of names) await rm(path.join(walSpoolDir, name), { force: true });
  await noteDone(layout, 'log', { at });
  return names.length;
}
