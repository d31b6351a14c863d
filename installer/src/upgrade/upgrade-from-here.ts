import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { VerifiedBundle } from '../bundle/read-bundle.ts';
import type { TrustedSigners } from '../bundle/trusted-signers.ts';
import { verifyFolder } from '../bundle/verify-folder.ts';
import type { CommandCall } from '../commands/command.ts';
import { withLock } from '../components/with-lock.ts';
import type { ExitName } from '../exit-codes.ts';
import { Fault } from '../fault.ts';
import type { InstanceSettings } from '../instance/settings.ts';
import type { InstallOptions } from '../steps/step.ts';
import { describePlan } from './describe-plan.ts';
import { dryRun } from './dry-run.ts';
import type { UpgradeJournal } from './journal.ts';
import { preflightUpgrade } from './preflight-upgrade.ts';
import { runUpgrade } from './run-upgrade.ts';
import { startUpgrade } from './start-upgrade.ts';

export type FromHere = {
  call: CommandCall;
  settings: InstanceSettings;
  signers: TrustedSigners;
  bundleDir: string;
  journal: UpgradeJournal | undefined;
};

/** The upgrade by the installer of the new version, which lies in the bundle that is verified here. */
export async function upgradeFromHere(here: FromHere): Promise<ExitName> {
  const { call, signers, bundleDir } = here;
  const step = call.reporter.step('Verify the bundle');
  const verified = await verifyFolder(bundleDir, signers).catch((error: unknown) => {
    step.failed();
    throw error;
  });
  step.done();
  if (!here.journal && here.settings.server?.checksum === verified.manifest.server) {
    call.answer(`${verified.manifest.version} is installed already.`, { changed: false });
    return 'ok';
  }
  const lockDir = path.join(call.layout.pointerDir, '.install-lock');
  const onWait = (pid: number) =>
    call.reporter.info(`Process ${pid} works on this instance; waiting.`);
  return withLock(lockDir, { onWait }, () => run(here, verified));
}

async function run(here: FromHere, verified: VerifiedBundle): Promise<ExitName> {
  const { call, settings, bundleDir } = here;
  const { layout, reporter } = call;
  const options = optionsFor(settings, bundleDir);
  let { journal } = here;
  if (!journal) {
    const { manifest } = verified;
    const pending = await preflightUpgrade({ layout, settings, manifest, bundleDir });
    const plan = describePlan(settings, { manifest, pending });
    for (const line of plan.lines) reporter.info(line);
    if (call.flags['dry-run']) return dryRun({ ...here, options }, plan);
    await confirm(call, manifest.version);
    const { contracts } = pending;
    journal = await startUpgrade({ layout, settings, bundleDir, verified, contracts });
  }
  reporter.heading(
    `Upgrading "${layout.instance}" from ${journal.fromVersion} to ${journal.toVersion}`,
  );
  const code = await runUpgrade({ layout, journal, options, reporter });
  await removeBundle(here, bundleDir);
  const { fromVersion, toVersion, interruptionMs, conflicts, copyDir } = journal;
  const lines = [
    `Upgraded from ${fromVersion} to ${toVersion}. Nobody was served for ${((interruptionMs ?? 0) / 1000).toFixed(1)} s.`,
    ...conflicts.map((text) => `  kept as you set it: ${text}`),
    `  Copy from before  ${copyDir ?? '-'}`,
    '  Back              casemate rollback',
  ];
  call.answer(lines.join('\n'), {
    changed: true,
    fromVersion,
    toVersion,
    interruptionMs,
    conflicts,
    copyDir,
  });
  return code;
}

/** Only what an upgrade unpacked itself: the operator's own folder stays. */
async function removeBundle({ call }: FromHere, bundleDir: string): Promise<void> {
  const own = path.join(call.layout.programsDir, 'bundles');
  if (path.dirname(bundleDir) === own) await rm(bundleDir, { recursive: true, force: true });
}

async function confirm(call: CommandCall, version: string): Promise<void> {
  if (call.flags['yes']) return;
  const reply = await call.ask(`Upgrade to ${version}? [y/N] `);
  if (reply !== null && /^(y|yes)$/i.test(reply)) return;
  throw new Fault('Nothing was upgraded', {
    ...(reply === null ? { why: 'There is no terminal to ask at.', next: 'Give --yes.' } : {}),
    code: 'usage',
  });
}

function optionsFor(settings: InstanceSettings, bundleDir: string): InstallOptions {
  return {
    cacheDir: settings.cacheDir,
    bundleDir,
    checkoutDir: bundleDir,
    reportDir: path.join(bundleDir, 'trust'),
    hostName: undefined,
    bindAddress: undefined,
    httpsPort: undefined,
    httpPort: undefined,
    ollamaPort: undefined,
    storageEncryption: undefined,
  };
}
