import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { casemateVersion } from '../commands/version.ts';
import { Fault } from '../fault.ts';
import { executable } from '../supervisor/process-specs.ts';
import { checksumSources } from '../server-build/checksum-sources.ts';
import { copyTree } from '../server-build/copy-tree.ts';
import { completeFile, getBuiltServer, serverFolder } from '../server-build/get-built-server.ts';
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
    if (!server || !existsSync(path.join(server.dir, completeFile))) return false;
    return server.checksum === (await checksumOf(context));
  },
  apply: async (context) => {
    const checksum = await checksumOf(context);
    const version = casemateVersion();
    const folder = serverFolder({ version, checksum });
    const built = await findBuilt(context, { version, checksum });
    const dir = path.join(context.layout.programsDir, folder);
    if (!existsSync(path.join(dir, completeFile))) {
      await rm(dir, { recursive: true, force: true });
      await copyTree(built, dir);
    }
    // Saved by put-server-into-use.ts, when the database has come along.
    context.settings.server = { version, checksum, dir };
    return version;
  },
};

async function checksumOf(context: InstallContext): Promise<string> {
  const { options, settings } = context;
  const bundled = await findBundledServer(options.bundleDir);
  if (bundled) return bundled.checksum;
  if (!hasCheckout(context)) {
    if (settings.server) return settings.server.checksum;
    throw new Fault('The server is not installed, and its sources are not here', {
      why: 'This is the installed command, which has no checkout beside it.',
      next: 'Run ./installer/install.sh of the release again; it goes on where it was.',
    });
  }
  return checksumSources(options.checkoutDir, settings.components['node']?.version ?? '');
}

async function findBuilt(
  context: InstallContext,
  wanted: { version: string; checksum: string },
): Promise<string> {
  const { bundleDir, cacheDir, checkoutDir } = context.options;
  const bundled = await findBundledServer(bundleDir);
  if (bundled) return bundled.dir;
  const node = executable(context.settings, 'node', 'node');
  const progress = (text: string) => context.progress({ text });
  return getBuiltServer({ ...wanted, cacheDir, checkoutDir, node, progress });
}

/** The built server of an unpacked bundle, known by the sources that it was built from. */
async function findBundledServer(
  bundleDir: string | undefined,
): Promise<{ dir: string; checksum: string } | undefined> {
  if (bundleDir === undefined) return undefined;
  const dir = path.join(bundleDir, 'server');
  const note = await readFile(path.join(dir, completeFile), 'utf8').catch(() => undefined);
  if (note === undefined) return undefined;
  return { dir, checksum: (JSON.parse(note) as { sources: string }).sources };
}
