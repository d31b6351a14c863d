import path from 'node:path';
import type { ExitName } from '../exit-codes.ts';
import { Fault, messageOf } from '../fault.ts';
import type { InstanceLayout } from '../instance/layout.ts';
import { instancePaths } from '../instance/paths.ts';
import { getRuntime } from '../runtime/get-runtime.ts';
import { runSteps, type InstallContext } from '../steps/step.ts';
import { startOld } from './ask-old-command.ts';
import { bringSteps } from './bring-steps.ts';
import { passGate } from './gate.ts';
import {
  closeJournal,
  findJournal,
  lastUpgradeFile,
  phases,
  saveJournal,
  type Phase,
  type UpgradeJournal,
} from './journal.ts';
import { majorStepOf } from './major-step.ts';
import { migrateLive } from './migrate-live.ts';
import { rehearse } from './rehearse.ts';
import { rollBack } from './roll-back.ts';
import { forgetBefore } from './take-over-database.ts';
import { gatherStatistics, updateExtensions } from './update-extensions.ts';
import { safetyCopy } from './safety-copy.ts';
import { switchPrograms } from './switch-programs.ts';
import { told, type Upgrade } from './told.ts';

/**
 * Goes through the phases from where the journal stands. Before `migrate` a fault leaves everything
 * as it was; from then on it brings the programs from before back, and the data where a contract ran or
 * another major version of PostgreSQL took it over.
 */
export async function runUpgrade(upgrade: Upgrade): Promise<ExitName> {
  const { layout, journal } = upgrade;
  if (journal.phase === 'rollback') return takeBack(upgrade);
  if (journal.phase === 'done') {
    await finish(layout, journal);
    return 'ok';
  }
  const first = phases.indexOf(journal.phase);
  for (const phase of phases.slice(Math.max(0, first))) {
    journal.phase = phase;
    await saveJournal(layout, journal);
    try {
      await work[phase](upgrade);
    } catch (error) {
      return failed(upgrade, error);
    }
  }
  await finish(layout, journal);
  return 'ok';
}

/** The copy of the upgrade before is no longer needed: one step back is kept. */
async function finish(layout: InstanceLayout, journal: UpgradeJournal): Promise<void> {
  const before = await findJournal(lastUpgradeFile(layout));
  if (before && before.id !== journal.id) {
    if (before.copyDir) await safetyCopy.remove(before.copyDir);
    await forgetBefore(layout, before);
  }
  journal.phase = 'done';
  await saveJournal(layout, journal);
  await closeJournal(layout, true);
}

const work: Record<(typeof phases)[number], (upgrade: Upgrade) => Promise<unknown>> = {
  bring: async (upgrade) => {
    await runSteps(bringSteps, contextOf(upgrade), upgrade.reporter);
    await saveJournal(upgrade.layout, upgrade.journal);
  },
  copy: (upgrade) =>
    told(upgrade, 'Copy database, keys and settings', async () => {
      const { layout, journal } = upgrade;
      await startOld(upgrade);
      journal.copyDir = path.join(layout.dataDir, 'upgrade', journal.id);
      await saveJournal(layout, journal);
      await safetyCopy.make({ layout, settings: journal.from }, journal.copyDir);
    }),
  rehearse: (upgrade) =>
    told(upgrade, 'Try the migrations on the copy', async () => {
      const { layout, journal } = upgrade;
      await startOld(upgrade);
      const clusterDir = safetyCopy.databaseDir(journal.copyDir ?? '');
      const { from, to } = journal;
      const { tenants, seconds } = await rehearse({ layout, from, settings: to, clusterDir });
      return `${tenants} tenants in ${seconds} s`;
    }),
  migrate: (upgrade) => migrateLive(upgrade, contextOf(upgrade)),
  switch: (upgrade) => switchPrograms(upgrade, contextOf(upgrade)),
  gate: async (upgrade) => {
    const { layout, journal } = upgrade;
    await told(upgrade, 'Ask the new version a question', async () => {
      await getRuntime(layout).start({});
      await passGate(layout, journal.to);
    });
    await updateExtensions(contextOf(upgrade));
    if (majorStepOf(journal)) await gatherStatistics(upgrade);
  },
};

/** Its settings are those of the new version, and stay in the journal until the switch. */
function contextOf({ layout, journal, options }: Upgrade): InstallContext {
  return {
    layout,
    paths: instancePaths(layout),
    options,
    settings: journal.to,
    components: {},
    progress: () => undefined,
    save: () => saveJournal(layout, journal),
  };
}

const harmless: readonly Phase[] = ['bring', 'copy', 'rehearse'];

async function failed(upgrade: Upgrade, error: unknown): Promise<ExitName> {
  const { layout, journal } = upgrade;
  if (harmless.includes(journal.phase)) {
    if (journal.copyDir) await safetyCopy.remove(journal.copyDir);
    await closeJournal(layout, false);
    throw error;
  }
  journal.reason = `${journal.phase}: ${messageOf(error)}`;
  journal.phase = 'rollback';
  await saveJournal(layout, journal);
  return takeBack(upgrade);
}

async function takeBack(upgrade: Upgrade): Promise<ExitName> {
  const { layout, journal } = upgrade;
  const data = await rollBack(upgrade);
  await closeJournal(layout, false);
  throw new Fault(`The upgrade to ${journal.toVersion} failed; ${journal.fromVersion} runs again`, {
    why: `${journal.reason ?? 'It was stopped.'} ${data}`,
    next: 'Mend what it says, or send `casemate doctor --json` to whoever released it.',
    code: 'rolledBack',
  });
}
