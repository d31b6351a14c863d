import { rm } from 'node:fs/promises';
import type { CommandCall } from '../commands/command.ts';
import { runSql } from '../database/run-sql.ts';
import { Fault } from '../fault.ts';
import { getAccounts } from '../host/get-accounts.ts';
import type { InstanceLayout } from '../instance/layout.ts';
import { instancePaths } from '../instance/paths.ts';
import { getSettings } from '../instance/settings.ts';
import type { InstallOptions } from '../steps/step.ts';
import { executable } from '../supervisor/process-specs.ts';
import { COPY_DAYS } from './forget-copies.ts';
import {
  closeJournal,
  findJournal,
  journalFile,
  lastUpgradeFile,
  saveJournal,
  type UpgradeJournal,
} from './journal.ts';
import { pointsOfNoReturn } from './major-step.ts';
import { hasDataFromBefore } from './restore-database.ts';
import { rollBack } from './roll-back.ts';
import { safetyCopy } from './safety-copy.ts';

export type TakenBack = { fromVersion: string; data: string; lost: string[]; id: string };

/** Takes back the upgrade that was interrupted, else the last one that came to its end. */
export async function takeBackLast(call: CommandCall): Promise<TakenBack> {
  const { layout, reporter } = call;
  const interrupted = await findJournal(journalFile(layout));
  const journal = interrupted ?? (await findJournal(lastUpgradeFile(layout)));
  if (!journal)
    throw new Fault('There is no upgrade to take back', {
      why: 'None was made here, or it was taken back already.',
      code: 'notInstalled',
    });
  const { fromVersion, id } = journal;
  if (['bring', 'copy', 'rehearse'].includes(journal.phase)) {
    if (journal.copyDir) await safetyCopy.remove(journal.copyDir);
    return { fromVersion, data: 'The upgrade had changed nothing yet.', lost: [], id };
  }
  const lost = interrupted ? [] : await refuseLoss(call, journal);
  await confirm(call, journal);
  journal.phase = 'rollback';
  journal.reason ??= 'It was taken back by `casemate rollback`.';
  await saveJournal(layout, journal);
  const options = {} as InstallOptions;
  const data = await rollBack({ layout, journal, options, reporter });
  return { fromVersion, data, lost, id };
}

export async function closeRolledBack(layout: InstanceLayout, { id }: TakenBack): Promise<void> {
  await closeJournal(layout, false);
  const last = await findJournal(lastUpgradeFile(layout));
  if (last?.id === id) await rm(lastUpgradeFile(layout), { force: true });
}

/** What was made since, where the data must go back to before the upgrade. */
async function refuseLoss(call: CommandCall, journal: UpgradeJournal): Promise<string[]> {
  const settings = await getSettings(call.layout);
  if (settings.server?.checksum !== journal.to.server?.checksum)
    throw new Fault('Another version was installed since that upgrade', {
      next: 'Upgrade to the version that you want; `casemate version` says what runs.',
      code: 'path',
    });
  const points = pointsOfNoReturn(journal);
  if (points.length === 0) return [];
  if (!hasDataFromBefore(call.layout, journal))
    throw new Fault(`What ${journal.fromVersion} had is no longer kept`, {
      why: `Copies of an upgrade stay for ${COPY_DAYS} days at most: deleted tenants live on in them.`,
      next: 'Restore a backup with the version that made it. Nothing was changed.',
      code: 'path',
    });
  const access = {
    psql: executable(settings, 'postgresql', 'psql'),
    socketDir: instancePaths(call.layout).databaseSocketDir,
    port: settings.databasePort,
    runAs: getAccounts(call.layout)['casemate-db'],
  };
  const since = `set casemate.since = '${new Date(journal.startedAt).toISOString()}';`;
  const answer = await runSql(access, 'casemate', [since, countSince].join('\n'));
  const lost = answer.split('\n').filter(Boolean);
  for (const line of lost) call.reporter.warn(`would be lost: ${line}`);
  if (call.flags['lose-data']) return lost;
  throw new Fault(`Going back to ${journal.fromVersion} loses what was written since the upgrade`, {
    why: `${points.join(', ')} took away what ${journal.fromVersion} needs. Since ${journal.startedAt}: ${lost.join(', ') || 'nothing that is counted here'}.`,
    next: 'Give --lose-data too if that may be lost. Nothing was changed.',
    code: 'path',
  });
}

/** In every schema, of every table that notes when its rows were made. */
const countSince = `
  create temporary table lost (name text, found bigint);
  do $$ declare part record; begin
    for part in select c.table_schema as place, c.table_name as name
      from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
      where c.column_name = 'created_at' and t.table_type = 'BASE TABLE'
        and (c.table_schema = 'control' or c.table_schema like 'tenant\\_%')
    loop
      execute format('insert into lost select %L, count(*) from %I.%I where created_at > %L',
        part.name, part.place, part.name, current_setting('casemate.since'));
    end loop;
  end $$;
  select format('%s rows of %s', sum(found), name) from lost
  group by name having sum(found) > 0 order by name;`;

async function confirm(call: CommandCall, { fromVersion }: UpgradeJournal): Promise<void> {
  if (call.flags['yes']) return;
  const reply = await call.ask(`Go back to ${fromVersion}? [y/N] `);
  if (reply !== null && /^(y|yes)$/i.test(reply)) return;
  throw new Fault('Nothing was taken back', {
    ...(reply === null ? { why: 'There is no terminal to ask at.', next: 'Give --yes.' } : {}),
    code: 'usage',
  });
}
