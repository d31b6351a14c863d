import { getRuntime } from '../runtime/get-runtime.ts';
import { askOldCommand } from './ask-old-command.ts';
import { restoreFiles } from './program-files.ts';
import { keepKeyService } from './keep-key-service.ts';
import { majorStepOf } from './major-step.ts';
import { restoreDatabase } from './restore-database.ts';
import { endTakeOver } from './take-over-database.ts';
import { told, type Upgrade } from './told.ts';

/**
 * Brings the programs from before back; the data too where a contract ran. Gives what became of the
 * data in a sentence. Safe to run again from its beginning.
 */
export async function rollBack(upgrade: Upgrade): Promise<string> {
  const { layout, journal } = upgrade;
  const major = majorStepOf(journal) !== null;
  const contract = journal.contracts.length > 0;
  await told(upgrade, 'Stop the new version', () => getRuntime(layout).stop());
  if (major) await endTakeOver(upgrade);
  if (contract || major)
    await told(upgrade, 'Bring the data from before back', () => restoreDatabase(upgrade));
  await told(upgrade, 'Bring the programs from before back', async () => {
    await restoreFiles(journal.files);
    return keepKeyService(upgrade);
  });
  await told(upgrade, `Start ${journal.fromVersion}`, () => askOldCommand(layout, journal, ['up']));
  return contract || major
    ? 'The data is as it was when the old version stopped.'
    : 'Its changes to the database serve both versions, so no data was touched.';
}
