import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createZstdDecompress } from 'node:zlib';
import { runCommand } from './run-command.ts';
import type { RegistryArchive } from './types.ts';
import { unzip } from './unzip.ts';

type Shape = Pick<RegistryArchive, 'format' | 'root'>;

/** Unpacks a verified archive below `dir` and gives the folder that the lock calls its root. */
export async function unpack(archive: string, shape: Shape, dir: string): Promise<string> {
  await mkdir(dir, { recursive: true });
  if (shape.format === 'zip') await unzip(archive, dir);
  else if (shape.format === 'tar.gz') await untar(archive, dir);
  else {
    // A bare host's tar knows gzip but has no zstd.
    const tar = `${archive}.tar`;
    await pipeline(createReadStream(archive), createZstdDecompress(), createWriteStream(tar));
    await untar(tar, dir);
    await rm(tar);
  }
  const root = path.join(dir, shape.root);
  const found = await stat(root).catch(() => undefined);
  if (!found?.isDirectory()) {
    throw new Error(`${path.basename(archive)} has no folder ${shape.root}`);
  }
  return root;
}

async function untar(archive: string, dir: string): Promise<void> {
  await runCommand('tar', ['-x', '--no-same-owner', '-f', archive, '-C', dir]);
}
