import path from 'node:path';
import { defaultCacheDir } from '../components/index.ts';
import { withLock } from '../components/with-lock.ts';
import type { ExitName } from '../exit-codes.ts';
import { Fault } from '../fault.ts';
import { parseLimits } from '../instance/limit-settings.ts';
import { instancePaths } from '../instance/paths.ts';
import { saveSettings } from '../instance/settings.ts';
import { commandFile } from '../instance/installed-command.ts';
import { installSteps } from '../steps/install-steps.ts';
import { runSteps } from '../steps/step.ts';
import type { InstallContext, InstallOptions } from '../steps/step.ts';
import { parseStatement } from '../preflight/parse-statement.ts';
import { planPreflight } from '../preflight/plan-preflight.ts';
import { preflightTable } from '../preflight/preflight-table.ts';
import { runPreflight } from '../preflight/run-preflight.ts';
import { showFirstAnswer } from '../steps/show-first-answer.ts';
import { planSettings } from '../steps/write-settings.ts';
import { reportFolder } from '../trust/report-folder.ts';
import { formatDuration } from '../terminal/terminal.ts';
import { readAnswers } from './answers.ts';
import { ownBundle, verifyForInstall } from '../bundle/verify-for-install.ts';
import { refuseHalfUpgraded } from '../upgrade/journal.ts';
import { noteRelease } from '../upgrade/note-release.ts';
import { textFlag, type Command, type CommandCall } from './command.ts';

export const install: Command = {
  name: 'install',
  summary: 'install Casemate on this host, or take an installation up again',
  description: [
    'Looks at the host first and changes nothing if it does not fit. Then works in steps, each of',
    'which looks whether it is needed: run it again after any interruption, it goes on where it was.',
    'Ends by asking a question about a sample document that was made at that moment.',
    '',
    'As root it installs system services with an account per component; as an ordinary user',
    'everything stays in directories of that user.',
  ].join('\n'),
  flags: {
    yes: { type: 'boolean', short: 'y', help: 'do not ask' },
    answers: { type: 'string', value: 'FILE', help: 'a JSON file with the values of these flags' },
    'host-name': { type: 'string', value: 'NAME', help: 'how people will reach it' },
    bind: { type: 'string', value: 'ADDRESS', help: 'listen on this address (default: 0.0.0.0)' },
    'https-port': { type: 'string', value: 'PORT', help: 'default: 443 as root, else 8443' },
    'http-port': {
      type: 'string',
      value: 'PORT',
      help: 'redirects to HTTPS; 0: none (default: 80 or 8080)',
    },
    'ollama-port': { type: 'string', value: 'PORT', help: 'on loopback (default: a free one)' },
    'cors-origins': {
      type: 'string',
      mayBeEmpty: true,
      value: 'LIST',
      help: 'origins whose pages may call the API: https://a.example,https://b.example; none: ""',
    },
    'trusted-proxies': {
      type: 'string',
      mayBeEmpty: true,
      value: 'LIST',
      help: 'proxies whose X-Forwarded-For is believed: 10.0.0.5,10.1.0.0/24; none: ""',
    },
    limits: {
      type: 'string',
      mayBeEmpty: true,
      value: 'LIST',
      help: 'limits of the server: "ANONYMOUS_PER_MINUTE=120; ACCOUNT_PER_MINUTE=3000"; defaults: ""',
    },
    'cache-dir': {
      type: 'string',
      value: 'DIR',
      help: 'where components are kept between installations',
    },
    bundle: {
      type: 'string',
      value: 'DIR',
      help: 'an unpacked bundle, for a host without internet; it is verified first',
    },
    signer: {
      type: 'string',
      value: 'FINGERPRINT',
      help: 'of the release key that signed the bundle, as it was announced',
    },
    'storage-encryption': {
      type: 'string',
      value: 'confirmed|without',
      help: 'what this host cannot show of the storage below it',
    },
    'skip-preflight': {
      type: 'boolean',
      help: 'go on although preflight finds faults (its own risk)',
    },
  },
  run: async (call) => {
    const asked = await readAnswers(call);
    const options = installOptions(asked);
    await refuseHalfUpgraded(call.layout);
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

/** Nothing of a bundle is used before all of it was verified, and no flag skips that. */
async function verifyGiven(call: CommandCall, bundleDir: string | undefined) {
  if (bundleDir === undefined) return undefined;
  const step = call.reporter.step('Verify the bundle');
  const signer = textFlag(call, 'signer');
  const { layout } = call;
  const verified = await verifyForInstall({ layout, bundleDir, signer }).catch((error: unknown) => {
    step.failed();
    throw error;
  });
  step.done(`signed by ${verified.fingerprint.slice(0, 16)}…`);
  return verified;
}

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

function installOptions(call: CommandCall): InstallOptions {
  const text = (name: string) => {
    const value = call.flags[name];
    return typeof value === 'string' ? value : undefined;
  };
  const port = (name: string) => {
    const value = text(name);
    if (value === undefined) return undefined;
    if (/^\d{1,5}$/.test(value) && Number(value) <= 65_535) return Number(value);
    throw new Fault(`--${name} needs a port number, not "${value}"`, { code: 'usage' });
  };
  const statement = parseStatement(text('storage-encryption'));
  const cacheDir = text('cache-dir');
  const bundle = text('bundle');
  const checkoutDir = path.resolve(import.meta.dirname, '../../..');
  return {
    cacheDir: cacheDir ? path.resolve(cacheDir) : defaultCacheDir(call.env),
    bundleDir: bundle ? path.resolve(bundle) : ownBundle(checkoutDir),
    checkoutDir,
    reportDir: reportFolder(checkoutDir, call.env),
    hostName: text('host-name')?.toLowerCase(),
    bindAddress: text('bind'),
    httpsPort: port('https-port'),
    httpPort: port('http-port'),
    ollamaPort: port('ollama-port'),
    corsOrigins: text('cors-origins'),
    trustedProxies: text('trusted-proxies'),
    limits: checkedLimits(text('limits')),
    storageEncryption: statement === 'unstated' ? undefined : statement,
  };
}

function checkedLimits(given: string | undefined): string | undefined {
  if (given !== undefined) parseLimits(given);
  return given;
}

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
  if (reply !== null && /^(y|yes|)$/i.test(reply)) return;
  throw new Fault('Nothing was installed', {
    ...(reply === null ? { why: 'There is no terminal to ask at.', next: 'Give --yes.' } : {}),
    code: 'usage',
  });
}

function addressOf({ settings }: InstallContext): string {
  const port = settings.httpsPort === 443 ? '' : `:${settings.httpsPort}`;
  return `https://${settings.hostName}${port}/`;
}
