import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { casemateVersion } from '../commands/version.ts';
import { writeFileAtomically } from '../host/write-file.ts';
import { commandFile, commandText } from '../instance/installed-command.ts';
import { copyTree } from '../server-build/copy-tree.ts';
import { executable } from '../supervisor/process-specs.ts';
import type { InstallContext, Step } from './step.ts';

const installerDir = path.resolve(import.meta.dirname, '../..');

/**
 * The `casemate` command itself, so that it works without the checkout it was installed from, and
 * with the Node that was installed with it.
 */
export const installCommand: Step = {
  id: 'install-command',
  title: 'Install the casemate command',
  isDone: async (context) => {
    const wanted = wrapperText(context, await placeOf(context));
    return (await readFile(commandFile(context), 'utf8').catch(() => '')) === wanted;
  },
  apply: async (context) => {
    const place = await placeCommand(context);
    const file = commandFile(context);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFileAtomically(file, wrapperText(context, place), { mode: 0o755 });
    return file;
  },
};

/** Lays this installer where it can stay, without giving it the name that people type. */
export async function placeCommand(context: InstallContext): Promise<string> {
  const place = await placeOf(context);
  if (!existsSync(place)) await copyTree(installerDir, place);
  return place;
}

async function placeOf({ layout }: InstallContext): Promise<string> {
  const hash = createHash('sha256');
  const files = await readdir(path.join(installerDir, 'src'), {
    recursive: true,
    withFileTypes: true,
  });
  const names = files
    .filter((file) => file.isFile())
    .map((file) => path.join(file.parentPath, file.name));
  for (const name of names.sort()) {
    hash.update(path.relative(installerDir, name)).update(await readFile(name));
  }
  const folder = `casemate-${casemateVersion()}-${hash.digest('hex').slice(0, 16)}`;
  return path.join(layout.programsDir, folder, 'installer');
}

function wrapperText({ settings }: InstallContext, place: string): string {
  const node = executable(settings, 'node', 'node');
  const main = path.join(place, 'src', 'main.ts');
  return commandText(node, main);
}
