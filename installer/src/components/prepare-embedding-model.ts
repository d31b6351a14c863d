import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { unzip } from './unzip.ts';

type Module = { type: string; path: string };

/**
 * Makes a sentence-transformers folder importable: Ollama takes no subfolders, so the pooling
 * module's settings move into `config.json`, and `modules.json` points the module at the folder.
 */
export async function prepareEmbeddingModel(dir: string): Promise<void> {
  const packed = await readdir(dir);
  // A bundle carries it as it was prepared.
  if (packed.includes('Modelfile') && !packed.includes('model.zip')) return;
  const unpacked = path.join(dir, 'model');
  await unzip(path.join(dir, 'model.zip'), unpacked);
  for (const file of await readdir(dir)) {
    if (file !== 'model') await rm(path.join(dir, file), { recursive: true });
  }

  const modules = await readJson<Module[]>(path.join(unpacked, 'modules.json'));
  const pooling = modules.find((module) => module.type.endsWith('.Pooling'));
  if (!pooling) throw new Error('The package has no pooling module');
  const settings = await readJson<object>(path.join(unpacked, pooling.path, 'config.json'));
  const config = await readJson<object>(path.join(unpacked, 'config.json'));
  await rm(path.join(unpacked, pooling.path), { recursive: true });
  pooling.path = '.';
  await writeFile(path.join(unpacked, 'modules.json'), JSON.stringify(modules, null, 2));
  await writeFile(
    path.join(unpacked, 'config.json'),
    JSON.stringify({ ...config, ...settings }, null, 2),
  );

  for (const file of await readdir(unpacked)) {
    await rename(path.join(unpacked, file), path.join(dir, file));
  }
  await rm(unpacked, { recursive: true });
  await writeFile(path.join(dir, 'Modelfile'), 'FROM .\n');
}

async function readJson<T>(file: string): Promise<T> {
  return JSON.parse(await readFile(file, 'utf8')) as T;
}
