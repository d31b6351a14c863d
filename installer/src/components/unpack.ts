import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { runCommand } from './run-command.ts';
import type { RegistryArchive } from './types.ts';
import { unzip } from './unzip.ts';

type Shape = Pick<RegistryArchive, 'format' | 'root'>;

/** Unpacks a verified archive below `dir` and gives the folder that the lock calls its root. */
export async function unpack(archive: string, shape: Shape, dir: string): Promise<string> {
  await mkdir(dir, { recursive: true });
  if (shape.format === 'zip') await unzip(archive, dir);
  else await runCommand('tar', ['-x', '--no-same-owner', '-f', archive, '-C', dir]);
  const root = path.join(dir, shape.root);
  const found = await stat(root).catch(() => undefined);
  if (!found?.isDirectory()) {
    throw new Error(`${path.basename(archive)} has no folder ${shape.root}`);
  }
  return root;
}
