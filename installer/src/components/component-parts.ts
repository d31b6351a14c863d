import { chmod, readdir } from 'node:fs/promises';
import path from 'node:path';
import { prepareChatModel } from './prepare-chat-model.ts';
import { prepareEmbeddingModel } from './prepare-embedding-model.ts';
import { runCommand } from './run-command.ts';
import type { ComponentName } from './types.ts';

type Parts = {
  /** Where the executables lie in the component; `names` is absent when all of the folder count. */
  executables?: { folder: string; names?: readonly string[] };
  /** A command whose answer must contain the pinned version, for a tree that cannot run is none. */
  probe?: readonly [name: string, argument: string];
  /** Turns the unpacked tree into what the component promises. */
  convert?: (dir: string) => Promise<void>;
};

const parts: Record<ComponentName, Parts> = {
  node: { executables: { folder: 'bin', names: ['node'] }, probe: ['node', '--version'] },
  // Its libraries lie beside the package and are found relative to the executables; psql needs them.
  postgresql: {
    executables: { folder: 'embedded_postgres/pginstall/bin' },
    probe: ['psql', '--version'],
  },
  openbao: { executables: { folder: '.', names: ['bao'] }, probe: ['bao', 'version'] },
  ollama: { executables: { folder: 'bin', names: ['ollama'] }, probe: ['ollama', '--version'] },
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
  if (!probe) return;
  const [command, argument] = probe;
  // Ollama refuses to start without a home.
  const answer = await runCommand(executables[command] ?? command, [argument], {
    set: { HOME: dir },
  });
  if (!answer.includes(version)) {
    throw new Error(`${command} says "${answer}" where ${version} is pinned`);
  }
}
