import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { casemateVersion } from '../commands/version.ts';
import { withLock } from '../components/with-lock.ts';
import { Fault } from '../fault.ts';
import { saveSettings } from '../instance/settings.ts';
import { executable } from '../supervisor/process-specs.ts';
import { buildServer } from '../server-build/build-server.ts';
import { checksumSources } from '../server-build/checksum-sources.ts';
import { copyTree } from '../server-build/copy-tree.ts';
import { hasCheckout } from './server-source.ts';
import type { InstallContext, Step } from './step.ts';

/**
 * Installs the server with its dashboard: from the bundle, or built from the checkout. A build is
 * known by the checksum of what it was made from, so the same sources are built once.
 */
export const installServer: Step = {
  id: 'install-server',
  title: 'Install the server and the dashboard',
  isDone: async (context) => {
    const { server } = context.settings;
    if (!server || !existsSync(path.join(server.dir, complete))) return false;
    return server.checksum === (await checksumOf(context));
  },
  apply: async (context) => {
    const checksum = await checksumOf(context);
    const version = casemateVersion();
    const folder = `server-${version}-${checksum.slice(0, 16)}`;
    const built = await findBuilt(context, { folder, checksum });
    const dir = path.join(context.layout.programsDir, folder);
    if (!existsSync(path.join(dir, complete))) {
      await rm(dir, { recursive: true, force: true });
      await copyTree(built, dir);
    }
    context.settings.server = { version, checksum, dir };
    await saveSettings(context.layout, context.settings);
    return version;
  },
};

/** Copied last, so that a tree that has it is whole. */
const complete = 'casemate-server.json';

async function checksumOf(context: InstallContext): Promise<string> {
  const { options, settings } = context;
  if (!hasCheckout(context)) {
    if (settings.server) return settings.server.checksum;
    throw new Fault('The server is not installed, and its sources are not here', {
      why: 'This is the installed command, which has no checkout beside it.',
      next: 'Run ./installer/install.sh of the release again; it goes on where it was.',
    });
  }
  return checksumSources(options.checkoutDir, settings.components['node']?.version ?? '');
}

type Wanted = { folder: string; checksum: string };

async function findBuilt(context: InstallContext, { folder, checksum }: Wanted): Promise<string> {
  const { bundleDir, cacheDir, checkoutDir } = context.options;
  const bundled = bundleDir && path.join(bundleDir, 'server');
  if (bundled && existsSync(path.join(bundled, complete))) return bundled;
  const cached = path.join(cacheDir, 'servers', folder);
  if (existsSync(path.join(cached, complete))) return cached;
  const progress = (text: string) => context.progress({ text });
  const onWait = (pid: number) => progress(`waiting for the build of process ${pid}`);
  // Two installations from one checkout would write to the same dist.
  await withLock(path.join(cacheDir, 'servers', '.lock'), { onWait }, async () => {
    if (existsSync(path.join(cached, complete))) return;
    const node = executable(context.settings, 'node', 'node');
    await buildServer({ checkoutDir, target: cached, node, checksum, progress });
  });
  return cached;
}
