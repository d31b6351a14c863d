import { setTimeout as pause } from 'node:timers/promises';
import type { Ollama } from 'ollama/browser';

const LOOK_EVERY_MS = 100;
/** So long an idle model takes to go, on a slow machine. */
const IDLE_MS = 3_000;
/** No answer asks for a window of this size, so that the process of one is never taken for another's. */
const WINDOW = 192;

/**
 * Ends every process that holds a loaded model, and with it the prompts in its memory; the model is
 * loaded anew by the next question. What is being answered is answered to its end. Gives how many
 * were ended. Throws what the model server throws, or when `signal` aborts.
 */
export async function forgetPrompts(client: Ollama, signal: AbortSignal): Promise<number> {
  const { models } = await client.ps();
  const names = models.map(({ name }) => name);
  for (const name of names) await unload(client, name, signal);
  return names.length;
}

async function unload(client: Ollama, model: string, signal: AbortSignal): Promise<void> {
  const until = performance.now() + IDLE_MS;
  await client.generate({ model, prompt: '', keep_alive: 0 });
  while (performance.now() < until) {
    // A model leaves this list when its process has ended.
    if (!(await isLoaded(client, model))) return;
    await pause(LOOK_EVERY_MS, undefined, { signal });
  }
  // Others keep it busy, or loaded it again before it was seen to be gone. To load a model with another
  // window the model server ends the process at hand: after its answers, before any that came later.
  await client.embed({ model, input: [], keep_alive: 0, options: { num_ctx: WINDOW } });
}

async function isLoaded(client: Ollama, model: string): Promise<boolean> {
  const { models } = await client.ps();
  return models.some(({ name }) => name === model);
}
