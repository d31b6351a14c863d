import path from 'node:path';
import { withLock } from '../components/with-lock.ts';
import type { ExitName } from '../exit-codes.ts';
import { Fault } from '../fault.ts';
import { instancePaths } from '../instance/paths.ts';
import { saveSettings } from '../instance/settings.ts';
import { commandFile } from '../instance/installed-command.ts';
import { refuseHalfRestored } from '../backup/restore/restore-journal.ts';
import { installSteps } from '../steps/install-steps.ts';
import { runSteps } from '../steps/step.ts';
import type { InstallContext, InstallOptions } from '../steps/step.ts';
import { planPreflight } from '../preflight/plan-preflight.ts';
import { preflightTable } from '../preflight/preflight-table.ts';
import { runPreflight } from '../preflight/run-preflight.ts';
import { showFirstAnswer } from '../steps/show-first-answer.ts';
import { planSettings } from '../steps/write-settings.ts';
import { formatDuration } from '../terminal/terminal.ts';
import { readAnswers } from './answers.ts';
import { refuseHalfUpgraded } from '../upgrade/journal.ts';
import { noteRelease } from '../upgrade/note-release.ts';
import { installFlags, installOptions } from './install-options.ts';
import { verifyGiven } from './verify-given.ts';
import type { Command, CommandCall } from './command.ts';

export const install: Command = {
  name: 'install',
  summary: 'install Casemate on this host, or take an installation up again',
  description: [
    'Looks at the host first and changes nothing if it does not fit. Then works in steps, each of',
    'which looks whether it is needed: run it again after any interruption, it goes on where it was.',
    'Ends by asking a question about a sample document that was made at that moment.',
    '',
    'As root it installs system services with an account per component; as an ordinary user',
    'everything stays in directories of that user. Where there is no terminal it does not ask.',
  ].join('\n'),
  flags: {
    yes: { type: 'boolean', short: 'y', help: 'do not ask' },
    answers: { type: 'string', value: 'FILE', help: 'a JSON file with the values of these flags' },
    ...installFlags,
  },
  run: async (call) => {
    const asked = await readAnswers(call);
    const options = installOptions(asked);
    await refuseHalfUpgraded(call.layout);
    refuseHalfRestored(call.layout);
    const bundle = await verifyGiven(asked, options.bundleDir);
    const context = await startContext(call, options);
    await refuseUnfitHost(asked, context);
    await confirm(asked, context);
    const lockDir = path.join(call.layout.pointerDir, '.install-lock');
    const onWait = (pid: number) => {
      call.reporter.info(
        `Another installation of this instance is running (process ${pid}); waiting.`,
      );
    };
    return withLock(lockDir, { onWait }, async () => {
      if (bundle) await noteRelease(context, bundle);
      return apply(call, context);
    });
  },
};

async function apply(call: CommandCall, context: InstallContext): Promise<ExitName> {
  const startedAt = performance.now();
  const { instance } = call.layout;
  call.reporter.heading(`Installing Casemate as "${instance}"`);
  const steps = await runSteps(installSteps(), context, call.reporter);
  const first = await showFirstAnswer(context, call);
  const changed = first !== null || steps.some((step) => step.changed);
  const address = addressOf(context);
  const took = formatDuration(performance.now() - startedAt);
  const lines = [
    ...(first?.lines ?? []),
    `${changed ? 'Installed' : 'Nothing to change'} (${took}).`,
    '',
    `  Address   ${address}`,
    ...(first?.setupLink ? [`  Set-up    ${first.setupLink}`, setupNote] : []),
    `  Command   ${commandFile(context)}`,
    '',
    '  Browsers warn until they trust the authority of this appliance: `casemate certificate show`.',
  ];
  const { setupLink = null, selfCheck = null } = first ?? {};
  call.answer(lines.join('\n'), { instance, changed, address, setupLink, selfCheck, steps });
  return 'ok';
}

const setupNote =
  '            Opens once, for the first administrator; `casemate setup-link` makes another.';

async function startContext(call: CommandCall, options: InstallOptions): Promise<InstallContext> {
  return {
    save: (settings) => saveSettings(call.layout, settings),
    layout: call.layout,
    paths: instancePaths(call.layout),
    options,
    settings: await planSettings(call.layout, options),
    components: {},
    progress: () => undefined,
  };
}

/** Prints what the host lacks on stderr; a fault ends the installation before it changes anything. */
async function refuseUnfitHost(call: CommandCall, { layout, settings }: InstallContext) {
  const statement = settings.storageEncryption ?? 'unstated';
  const step = call.reporter.step('Look at the host');
  const report = await runPreflight(planPreflight(layout, settings, statement));
  if (report.summary.fail === 0 || call.flags['skip-preflight']) {
    step.done(`${report.summary.warn} warnings: see \`casemate preflight\``);
    return;
  }
  step.failed();
  for (const line of preflightTable(report).split('\n')) call.reporter.info(line);
  throw new Fault('This host does not fit yet', {
    why: report.checks
      .filter(({ status }) => status === 'fail')
      .map(({ id, found }) => `${id}: ${found}`)
      .join('; '),
    next: 'Mend what stands above, then run the command again. Nothing was changed.',
    code: 'preflight',
  });
}

async function confirm(call: CommandCall, { settings, layout }: InstallContext): Promise<void> {
  if (call.flags['yes']) return;
  const where = layout.root ?? layout.dataDir;
  const reply = await call.ask(
    `Install Casemate at https://${settings.hostName}:${settings.httpsPort}, data in ${where}? [Y/n] `,
  );
  if (reply === null) {
    // The command is the wish; the question only shows a person what it is about to do.
    call.reporter.info('There is no terminal to ask at: installing as asked.');
    return;
  }
  if (/^(y|yes|)$/i.test(reply)) return;
  throw new Fault('Nothing was installed', { code: 'usage' });
}

function addressOf({ settings }: InstallContext): string {
  const port = settings.httpsPort === 443 ? '' : `:${settings.httpsPort}`;
  return `https://${settings.hostName}${port}/`;
}
