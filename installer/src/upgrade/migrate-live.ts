import { getRuntime } from '../runtime/get-runtime.ts';
import { createDatabaseAccounts } from '../steps/create-database-accounts.ts';
import { bringKeyServiceUpToDate } from '../steps/ensure-key-service.ts';
import { giveDatabasePasswords } from '../steps/give-database-passwords.ts';
import { migrateDatabase } from '../steps/migrate-database.ts';
import { runSteps, type InstallContext } from '../steps/step.ts';
import { startOld } from './ask-old-command.ts';
import { saveJournal } from './journal.ts';
import { told, type Upgrade } from './told.ts';
import { safetyCopy } from './safety-copy.ts';

/**
 * An expand serves both versions, so it runs while the old one works. A contract takes away what
 * the old one needs: it stops first, and is copied again, so that nothing written until then is lost
 * when the data must be brought back.
 */
export async function migrateLive(upgrade: Upgrade, context: InstallContext): Promise<void> {
  const { layout, journal, reporter } = upgrade;
  const steps = [
    bringKeyServiceUpToDate,
    createDatabaseAccounts,
    giveDatabasePasswords,
    migrateDatabase,
  ];
  await startOld(upgrade);
  if (journal.contracts.length > 0)
    await told(upgrade, 'Stop the server, and copy what it wrote last', async () => {
      await getRuntime(layout).stop(['server', 'provisioner']);
      // Once a contract ran, what is there must never replace the copy.
      if (journal.copiedAtStop) return;
      await safetyCopy.make({ layout, settings: journal.from }, journal.copyDir ?? '');
      journal.copiedAtStop = true;
      await saveJournal(layout, journal);
    });
  await runSteps(steps, context, reporter);
}
