import { createHash } from 'node:crypto';
import { hasCommand } from '../has-command.ts';
import type { GoBuild, GoProgram } from '../types.ts';

/** Raise it when `build-ollama.ts` makes something else of the same inputs. */
const recipe = 1;

/** The same for `build-go-program.ts`. */
const programRecipe = 1;

/**
 * A build differs from host to host, so its key is the checksum of what goes in: the pinned inputs,
 * the recipe, and whether there is a cmake for the per-processor libraries.
 */
export async function recipeChecksum(
  build: GoBuild | GoProgram,
  env?: NodeJS.ProcessEnv,
): Promise<string> {
  if ('program' in build) return digest({ recipe: programRecipe, build });
  const libraries = await hasCommand('cmake', env);
  return digest({ recipe, libraries, build });
}

function digest(inputs: object): string {
  return createHash('sha256').update(JSON.stringify(inputs)).digest('hex');
}
