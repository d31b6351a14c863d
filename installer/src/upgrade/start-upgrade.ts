import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { VerifiedBundle } from '../bundle/read-bundle.ts';
import { pinSigner } from '../bundle/trusted-signers.ts';
import type { InstanceLayout } from '../instance/layout.ts';
import type { InstanceSettings } from '../instance/settings.ts';
import { commandFile } from '../instance/installed-command.ts';
import { saveJournal, type UpgradeJournal } from './journal.ts';
import { mergeSettings } from './merge-settings.ts';
import { programFiles, saveFiles } from './program-files.ts';

export type UpgradePlan = {
  layout: InstanceLayout;
  settings: InstanceSettings;
  bundleDir: string;
  verified: VerifiedBundle;
  contracts: string[];
};

/** Writes down what will be done and what was there before: from here on it can be taken up. */
export async function startUpgrade(plan: UpgradePlan): Promise<UpgradeJournal> {
  const { layout, settings, bundleDir, verified, contracts } = plan;
  const { version, released, defaults } = verified.manifest;
  const merged = mergeSettings(settings, defaults);
  const file = commandFile({ layout });
  const startedAt = new Date().toISOString();
  const journal: UpgradeJournal = {
    format: 1,
    id: `${startedAt.slice(0, 10)}-${randomBytes(4).toString('hex')}`,
    phase: 'bring',
    startedAt,
    bundleDir,
    from: structuredClone(settings),
    fromVersion: settings.server?.version ?? 'unknown',
    to: structuredClone({ ...merged.settings, release: { version, released, defaults } }),
    toVersion: version,
    contracts,
    conflicts: merged.conflicts,
    files: await saveFiles(programFiles(layout)),
    command: { file, text: await readFile(file, 'utf8') },
    copyDir: null,
    copiedAtStop: false,
    reason: null,
    interruptionMs: null,
  };
  await saveJournal(layout, journal);
  await pinSigner(layout, verified.signer);
  return journal;
}
