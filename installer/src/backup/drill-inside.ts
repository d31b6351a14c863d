import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { Fault } from '../fault.ts';
import { layoutFor, type InstanceLayout } from '../instance/layout.ts';
import { instancePaths } from '../instance/paths.ts';
import { saveSettings, type InstanceSettings } from '../instance/settings.ts';
import { getRuntime } from '../runtime/get-runtime.ts';
import { runSelfCheck } from '../steps/show-first-answer.ts';
import { runSteps, type InstallContext, type Step } from '../steps/step.ts';
import { runSupervisor } from '../supervisor/run-supervisor.ts';
import type { Reporter } from '../terminal/reporter.ts';
import type { BackupContents, BackupManifest } from './manifest.ts';
import { restoreSteps } from './restore/restore-steps.ts';
import { stageAt } from './restore/stage.ts';

/** What the drill outside hands to the one inside; it lies in the stage. */
export type DrillOrder = {
  place: string;
  manifest: BackupManifest;
  contents: BackupContents;
  settings: InstanceSettings;
  asRoot: boolean;
  programsDir: string;
  /** Directories of the originals: empty here. */
  hidden: string[];
  sealKeys: Record<string, string>;
};

export type DrillReport = { tables: number; files: number; question: string; answer: string };

/** These need no instance of their own: programs are shared, and nothing is announced to the host. */
const without = new Set([
  ...['create-accounts', 'install-command', 'install-model-bridge', 'create-certificate'],
  ...['install-server', 'put-server-into-use', 'carry-test-report', 'renew-certificate'],
  ...['hold-authority', 'note-secret-ages', 'create-model-chat', 'create-model-embed'],
  'close-way-out',
]);

/** Inside the namespaces: restores the stage, starts it, and asks it a question. */
export async function drillInside(place: string, reporter: Reporter): Promise<DrillReport> {
  const order = JSON.parse(await readFile(path.join(place, 'order.json'), 'utf8')) as DrillOrder;
  await rm(path.join(place, 'order.json'));
  refuseSeenOriginals(order);
  const layout = scratchLayout(order);
  const settings = { ...order.settings, instance: layout.instance, httpPort: 0 };
  await mkdir(layout.configDir, { recursive: true, mode: 0o711 });
  await saveSettings(layout, settings);
  await mkdir(layout.dataDir, { recursive: true, mode: 0o711 });
  await symlink(path.join(place, 'models'), instancePaths(layout).modelsDir);
  const context: InstallContext = {
    save: (changed) => saveSettings(layout, changed),
    layout,
    paths: instancePaths(layout),
    options: optionsOf(order),
    settings,
    components: {},
    progress: () => undefined,
  };
  const { manifest, contents } = order;
  const point = manifest.database.restorePoint;
  const result = { compared: null as number | null };
  const until = point === null ? ('end' as const) : { point };
  const laying = {
    ...{ manifest, contents, until, stage: stageAt(place), secrets: { sealKeys: order.sealKeys } },
  };
  const steps = restoreSteps(laying, result).filter(
    ({ id }) => !without.has(id) && !id.startsWith('fetch-'),
  );
  let ended: Promise<void> = Promise.resolve();
  const supervise: Step = {
    id: 'supervise',
    title: 'Supervise it here',
    isDone: () => false,
    apply: () => {
      ended = runSupervisor(layout, [], () => undefined);
      return Promise.resolve();
    },
  };
  const at = steps.findIndex(({ id }) => id === 'start-parts');
  steps.splice(at, 0, supervise);
  try {
    await runSteps(steps, context, reporter);
    const { question, answer } = await runSelfCheck(context);
    return { tables: result.compared ?? 0, files: 0, question, answer };
  } finally {
    await getRuntime(layout)
      .stop()
      .catch(() => undefined);
    await ended.catch(() => undefined);
  }
}

/** A drill that could reach the originals would prove nothing. */
function refuseSeenOriginals({ hidden }: DrillOrder): void {
  const [dataDir = '', configDir = '', sealDir = ''] = hidden;
  const seen = [
    path.join(dataDir, 'postgresql'),
    path.join(dataDir, 'openbao'),
    path.join(configDir, 'instance.json'),
    path.join(sealDir, 'seal.key'),
  ].filter((file) => existsSync(file));
  if (seen.length === 0) return;
  throw new Fault('The drill can see the originals', { why: seen.join(', ') });
}

function scratchLayout({ place, asRoot, programsDir }: DrillOrder): InstanceLayout {
  const root = path.join(place, 'i');
  const layout = layoutFor({
    ...{ instance: 'drill', dataDir: root, sealDir: path.join(root, 'seal') },
    ...{ asRoot, env: {} },
  });
  return { ...layout, programsDir, pointerDir: path.join(root, 'pointer') };
}

function optionsOf({ settings }: DrillOrder): InstallContext['options'] {
  const none = { bundleDir: undefined, hostName: undefined, bindAddress: undefined };
  const ports = { httpsPort: undefined, httpPort: undefined, ollamaPort: undefined };
  return {
    ...{ cacheDir: settings.cacheDir, checkoutDir: '/nonexistent', reportDir: '/nonexistent' },
    ...none,
    ...ports,
    storageEncryption: undefined,
  };
}
