import { createHash } from 'node:crypto';
import { hasCommand } from '../has-command.ts';
import type { GoBuild } from '../types.ts';

/** Raise it when `build-ollama.ts` makes something else of the same inputs. */
const recipe = 1;

/**
 * A build differs from host to host, so its key is the checksum of what goes in: the pinned inputs,
 * the recipe, and whether there is a cmake for the per-processor libraries.
 */
export async function recipeChecksum(build: GoBuild, env?: NodeJS.ProcessEnv): Promise<string> {
  const libraries = await hasCommand('cmake', env);
  return createHash('sha256').update(JSON.stringify({ recipe, libraries, build })).digest('hex');
}
