import { saveSettings } from '../instance/settings.ts';
import { getRuntime } from '../runtime/get-runtime.ts';
import { carryTestReport } from '../steps/carry-test-report.ts';
import { configureDatabase } from '../steps/create-database-cluster.ts';
import { createDirectories } from '../steps/create-directories.ts';
import { createModels } from '../steps/create-models.ts';
import { holdCertificateAuthority } from '../steps/hold-authority.ts';
import { configureKeyService } from '../steps/initialise-key-service.ts';
import { installCommand } from '../steps/install-command.ts';
import { installModelBridge } from '../steps/install-model-bridge.ts';
import { noteSecretAges } from '../steps/note-secret-ages.ts';
import { renewCertificate } from '../steps/create-certificate.ts';
import { runSteps, type InstallContext } from '../steps/step.ts';
import { saveJournal } from './journal.ts';
import { majorStepOf, pointsOfNoReturn } from './major-step.ts';
import { takeOverDatabase } from './take-over-database.ts';
import { told, type Upgrade } from './told.ts';
import { runSelfCheck } from '../steps/show-first-answer.ts';

/**
 * The only time in which nobody is served: the old programs stop, one file names the new ones, and
 * they start. What takes longer came before, or comes after. Safe to run again from its beginning.
 */
export async function switchPrograms(upgrade: Upgrade, context: InstallContext): Promise<void> {
  const { layout, journal, reporter } = upgrade;
  const runtime = getRuntime(layout);
  const startedAt = performance.now();
  await told(upgrade, 'Stop the old version', () => runtime.stop());
  const major = majorStepOf(journal);
  if (major)
    await told(upgrade, `Take the data over to PostgreSQL ${major.to}`, () =>
      takeOverDatabase(upgrade),
    );
  await saveSettings(layout, journal.to);
  const files = [
    createDirectories,
    installCommand,
    installModelBridge,
    configureDatabase,
    configureKeyService,
  ];
  await runSteps([...files, carryTestReport], context, reporter);
  journal.keyServiceRan = true;
  await saveJournal(layout, journal);
  await told(upgrade, 'Start the new version', async () => {
    if (pointsOfNoReturn(journal).length > 0) await askBehindClosedDoors(upgrade);
    await runtime.start({});
    journal.interruptionMs = Math.round(performance.now() - startedAt);
    await saveJournal(layout, journal);
    return `nobody was served for ${(journal.interruptionMs / 1000).toFixed(1)} s`;
  });
  const after = [noteSecretAges, holdCertificateAuthority, renewCertificate, ...createModels];
  await runSteps(after, context, reporter);
}

/**
 * Past a point of no return nobody may write before it is known whether the data must be brought back: until
 * the question is answered only this host reaches the server.
 */
async function askBehindClosedDoors({ layout, journal }: Upgrade): Promise<void> {
  const runtime = getRuntime(layout);
  const settings = { ...journal.to, bindAddress: '127.0.0.1' };
  await saveSettings(layout, settings);
  await runtime.start({});
  await runSelfCheck({ layout, settings });
  await saveSettings(layout, journal.to);
  if (journal.to.bindAddress !== settings.bindAddress) await runtime.restart({ ids: ['server'] });
}
