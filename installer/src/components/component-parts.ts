import { chmod, readdir } from 'node:fs/promises';
import path from 'node:path';
import { prepareChatModel } from './prepare-chat-model.ts';
import { prepareEmbeddingModel } from './prepare-embedding-model.ts';
import { askNobody } from './ask-nobody.ts';
import { runCommand } from './run-command.ts';
import type { ComponentName } from './types.ts';

type Parts = {
  /** Where the executables lie in the component; `names` is absent when all of the folder count. */
  executables?: { folder: string; names?: readonly string[] };
  /** Commands whose answer must contain the pinned version, for a tree that cannot run is none. */
  probe?: { names: readonly string[]; argument: string };
  /** Turns the unpacked tree into what the component promises. */
  convert?: (dir: string) => Promise<void>;
};

const parts: Record<ComponentName, Parts> = {
  node: {
    executables: { folder: 'bin', names: ['node'] },
    probe: { names: ['node'], argument: '--version' },
  },
  // Its libraries lie beside the package and are found relative to the executables; psql needs them.
  postgresql: {
    executables: { folder: 'embedded_postgres/pginstall/bin' },
    probe: { names: ['postgres', 'psql'], argument: '--version' },
  },
  openbao: {
    executables: { folder: '.', names: ['bao'] },
    probe: { names: ['bao'], argument: 'version' },
  },
  ollama: {
    executables: { folder: 'bin', names: ['ollama'] },
    probe: { names: ['ollama'], argument: '--version' },
  },
  restic: {
    executables: { folder: '.', names: ['restic'] },
    probe: { names: ['restic'], argument: 'version' },
  },
  'model-chat': { convert: prepareChatModel },
  'model-embed': { convert: prepareEmbeddingModel },
};

export async function listExecutables(
  name: ComponentName,
  dir: string,
): Promise<Record<string, string>> {
  const { executables } = parts[name];
  if (!executables) return {};
  const folder = path.join(dir, executables.folder);
  const names = executables.names ?? (await readdir(folder)).sort();
  return Object.fromEntries(names.map((command) => [command, path.join(folder, command)]));
}

/** Makes an unpacked tree ready and proves that it runs on this host; throws when it does not. */
export async function finishTree(name: ComponentName, version: string, dir: string): Promise<void> {
  const { convert, probe } = parts[name];
  await convert?.(dir);
  const executables = await listExecutables(name, dir);
  for (const file of Object.values(executables)) await chmod(file, 0o755);
  for (const command of probe?.names ?? []) {
    // Ollama refuses to start without a home.
    const set = { HOME: dir, ...askNobody };
    const file = executables[command] ?? command;
    const answer = await runCommand(file, [probe?.argument ?? ''], { set });
    if (!answer.includes(version)) {
      throw new Error(`${command} says "${answer}" where ${version} is pinned`);
    }
  }
}
